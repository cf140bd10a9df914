import { type DehydratedState, hydrate } from '@tanstack/react-query'
import { hydrateRoot } from 'react-dom/client'
import { App, createApp } from './App.tsx'
import { cookieStorage, owner } from './cookieStorage.ts'

interface ServerState {
  baseUrl: string
  of: string | null
  queries: DehydratedState
}

/** In a function, because the page would keep what stands outside of one, also after a logout. */
const start = () => {
  const element = document.querySelector('#server-state') as Element
  // The document would keep it as well.
  element.remove()
  const { baseUrl, of, queries } = JSON.parse(element.textContent) as ServerState
  const app = createApp(baseUrl, cookieStorage)
  // Unless the user has logged out, or another one in, since the server was asked.
  if (of === owner.get()) hydrate(app.queryClient, queries)
  hydrateRoot(document.querySelector('#root') as Element, <App {...app} />)
}

start()

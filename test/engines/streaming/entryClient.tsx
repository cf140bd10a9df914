import { type DehydratedState, hydrate } from '@tanstack/react-query'
import { hydrateRoot } from 'react-dom/client'
import type { TokenStorage } from 'signoff'
import { App, createApp } from './App.tsx'

declare global {
  interface Window {
    serverState?: { baseUrl: string; queries: DehydratedState }
  }
}

const attributes = `path=/; samesite=strict${location.protocol === 'https:' ? '; secure' : ''}`

const cookieStorage: TokenStorage = {
  get: () => {
    const [, token] = /(?:^|; )token=([^;]*)/.exec(document.cookie) ?? []
    return token ? decodeURIComponent(token) : null
  },
  set: (token) => {
    document.cookie = `token=${encodeURIComponent(token)}; ${attributes}`
  },
  remove: () => {
    document.cookie = `token=; max-age=0; ${attributes}`
  },
}

/** Takes what the server has sent out of the page: else it would outlast the logout there. */
const start = (): void => {
  const { baseUrl = '', queries } = window.serverState ?? {}
  delete window.serverState
  const app = createApp(baseUrl, cookieStorage)
  if (queries) hydrate(app.queryClient, queries)
  hydrateRoot(document.querySelector('#root') as Element, <App {...app} />)
}

start()

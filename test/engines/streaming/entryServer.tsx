import type { IncomingMessage, ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { dehydrate } from '@tanstack/react-query'
import { renderToPipeableStream } from 'react-dom/server'
import { memoryStorage } from 'signoff'
import { App, createApp } from './App.tsx'

/** Text that can stand in a script of a page, whatever it says. */
const toScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

const readCookie = ({ headers }: IncomingMessage, name: string): string | null => {
  const [, value] = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(headers.cookie ?? '') ?? []
  return value ? decodeURIComponent(value) : null
}

export const render = (
  template: string,
  baseUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const token = readCookie(request, 'token')
  const storage = memoryStorage()
  if (token) storage.set(token)
  const app = createApp(baseUrl, storage)
  const { queryClient, authClient, notesOptions } = app

  // Asked for while the page is already on its way.
  const loaded = token
    ? [
        queryClient.prefetchQuery({ ...authClient.userOptions, retry: false }),
        queryClient.prefetchQuery({ ...notesOptions(authClient.getSession()), retry: false }),
      ]
    : []
  const [head = '', middle = '', end = ''] = template.split(/<!--(?:app|state)-->/)
  const body = new Writable({
    write: (chunk, _encoding, done) => response.write(chunk, done),
    final: async (done) => {
      await Promise.all(loaded)
      const of = readCookie(request, 'token-of')
      const state = toScript({ baseUrl, of, queries: dehydrate(queryClient) })
      const script = `<script id="server-state" type="application/json">${state}</script>`
      response.end(`${middle}${script}${end}`, done)
      queryClient.clear()
    },
  })

  const { pipe } = renderToPipeableStream(<App {...app} />, {
    onShellReady: () => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' })
      response.write(head)
      pipe(body)
    },
    onShellError: () => response.writeHead(500).end(),
  })
}

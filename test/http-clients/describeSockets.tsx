import { getEventListeners } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { act, cleanup } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { bob, renderApp } from '../support/renderApp.tsx'
import { openSocket } from './clients/openSocket.ts'
import { openSocketServer } from './openSocketServer.ts'
import { signIn } from './signIn.ts'

const root = (path: string) => join(import.meta.dirname, '../..', path)

type UseSocket = (onMessage: (event: MessageEvent) => void) => void

/** The hook of the recipe, with the server's address in the place of its own. */
const loadRecipe = async (address: string): Promise<UseSocket> => {
  const text = await readFile(root('docs/recipes/index.md'), 'utf8')
  const [, code = ''] = /^## How do I close a socket[^]*?```tsx\n([^]*?)```/m.exec(text) ?? []
  const here = code.replace('wss://example.com/socket', address)
  expect(here).not.toBe(code)
  const folder = root('node_modules/.cache/http-clients')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `useSocket-${new URL(address).port}.tsx`)
  await writeFile(path, here)
  return ((await import(/* @vite-ignore */ path)) as { useSocket: UseSocket }).useSocket
}

type App = Awaited<ReturnType<typeof signIn>>
type Messages = (event: MessageEvent) => void

/** The two ways to open a socket that the documentation shows. Each opens one for the session that is on. */
const ways: [string, (app: App, address: string, onMessage: Messages) => Promise<() => void>][] = [
  [
    'outside React',
    async ({ client }, address, onMessage) => {
      const open = () => {
        const { token } = client.getState()
        if (token) openSocket(client, token, address).addEventListener('message', onMessage)
      }
      open()
      return open
    },
  ],
  [
    'by the hook of the recipe',
    async ({ app }, address, onMessage) => {
      const useSocket = await loadRecipe(address)
      const Socket = () => {
        useSocket(onMessage)
        return null
      }
      renderApp(app, <Socket />)
      // The hook opens the next one by itself.
      return () => {}
    },
  ],
]

const sentBy = (token: string) => JSON.stringify({ token })

export const describeSockets = (): void => {
  describe.each(ways)('a WebSocket that is opened %s', (_way, openBy) => {
    const start = async () => {
      const app = await signIn()
      const server = await openSocketServer()
      const onMessage = vi.fn<Messages>()
      const listeners = () => getEventListeners(app.client.getSignal(), 'abort').length
      const before = listeners()
      const openNext = await openBy(app, server.address, onMessage)
      const messages = () => onMessage.mock.calls.map(([{ data }]) => data as unknown)
      await vi.waitFor(() => expect(messages()).toEqual([`for ${sentBy(app.token)}`]))
      return { ...app, socketServer: server, messages, openNext, listenersLeft: () => listeners() - before }
    }

    it('is closed by a logout in its own tick, and hears nothing more', async () => {
      const { client, token, socketServer, messages } = await start()
      const close = vi.spyOn(WebSocket.prototype, 'close')
      await act(async () => {
        const leaving = client.logout()
        expect(close).toHaveBeenCalledOnce()
        await leaving
      })
      close.mockRestore()
      await socketServer.isLeft()
      expect(socketServer.received).toEqual([sentBy(token)])
      expect(messages()).toHaveLength(1)
    })

    it('ends the session when the server closes it with 4401, without a logout', async () => {
      const { server, client, user, onSignOut, socketServer } = await start()
      act(() => socketServer.hangUp(4401))
      await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
      expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user }]])
      expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      await socketServer.isLeft()
      expect(server.logouts()).toEqual([])
    })

    it('leaves the session alone when it is closed for another reason, and leaves nothing behind', async () => {
      const { client, token, socketServer, listenersLeft } = await start()
      act(() => socketServer.hangUp(1001))
      await socketServer.isLeft()
      await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'signed-in', token }))
      cleanup()
      await vi.waitFor(() => expect(listenersLeft()).toBe(0))
    })

    it('is the next user’s with their token alone, whatever the server says of the last one', async () => {
      const { server, client, token, socketServer, messages, openNext } = await start()
      const next = server.issue(bob.email)
      act(() => client.setSession(next))
      // It answers to the last one, and knows nothing of the next one yet.
      socketServer.hangUp(4401)
      openNext()
      await vi.waitFor(() => expect(messages()).toContain(`for ${sentBy(next.token)}`))
      await vi.waitFor(() => expect(socketServer.sockets.size).toBe(1))
      expect(socketServer.received).toEqual([sentBy(token), sentBy(next.token)])
      expect(client.getState()).toMatchObject({ status: 'signed-in', token: next.token })
    })
  })
}

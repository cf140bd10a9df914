import { getEventListeners } from 'node:events'
import { act } from '@testing-library/react'
import { EventSource } from 'eventsource'
import { describe, expect, it, vi } from 'vitest'
import { isSessionEndedError } from 'signoff'
import { ada, bob, renderApp } from '../support/renderApp.tsx'
import { useEvents } from './clients/useEvents.ts'
import { openNotesServer } from './openNotesServer.ts'
import { signIn } from './signIn.ts'

/** Long enough for an `EventSource` to have tried again: the server asks for 20 milliseconds. */
const afterRetries = () => new Promise((resolve) => setTimeout(resolve, 200))

/** An app that shows a stream of events, with Ada signed in. */
const openStream = async (origin?: string) => {
  const signedIn = await signIn()
  const { server, app } = signedIn
  const onMessage = vi.fn<(event: MessageEvent) => void>()
  const Stream = () => {
    useEvents(`${origin ?? server.origin}/events?tag=a%20b%26c`, onMessage)
    return null
  }
  const rendered = renderApp(app, <Stream />)
  await vi.waitFor(() => expect(onMessage).toHaveBeenCalledTimes(1))
  return {
    ...signedIn,
    ...rendered,
    onMessage,
    messages: () => onMessage.mock.calls.map(([{ data }]) => data as unknown),
  }
}

export const describeEvents = (): void => {
  describe('an event stream of eventsource', () => {
    it('is asked for with the token and its query string, and is heard', async () => {
      const { server, token, messages } = await openStream()
      expect(messages()).toEqual([`a b&c of ${ada.email}`])
      expect(server.calls).toEqual([{ act: 'stream', text: 'a b&c', token }])
    })

    it('ends with the session, and is not asked for again', async () => {
      const { server, client, token, messages } = await openStream()
      await act(() => client.logout())
      await vi.waitFor(() => expect(server.unfinished.size).toBe(0))
      await act(afterRetries)
      expect(server.tokens).toEqual([token])
      expect(messages()).toHaveLength(1)
    })

    it('is the next user’s with their token alone', async () => {
      const { server, client, token, messages } = await openStream()
      const next = await act(() => client.login(bob))
      await vi.waitFor(() => expect(messages()).toEqual([`a b&c of ${ada.email}`, `a b&c of ${bob.email}`]))
      await act(afterRetries)
      expect(server.tokens).toEqual([token, next.token])
      expect(server.unfinished.size).toBe(1)
    })

    it('that is refused when it asks again ends the session', async () => {
      const { server, client, token, user, onSignOut } = await openStream()
      server.expire(token)
      server.hangUp()
      await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
      expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user }]])
      expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
      await act(afterRetries)
      expect(server.tokens).toEqual([token, token])
      expect(server.logouts()).toEqual([])
    })

    it('of another origin is asked for without the token', async () => {
      const other = await openNotesServer(true)
      const { client } = await openStream(other.origin)
      expect(other.tokens).toEqual([undefined])
      await act(() => client.logout())
      await vi.waitFor(() => expect(other.unfinished.size).toBe(0))
    })

    it('leaves nothing behind when its component goes', async () => {
      const { server, client, unmount } = await openStream()
      unmount()
      await vi.waitFor(() => expect(server.unfinished.size).toBe(0))
      await vi.waitFor(() => expect(getEventListeners(client.getSignal(), 'abort')).toEqual([]))
    })

    it('that nobody closes is asked for in vain, again and again: of the error, it tells the message alone', async () => {
      const { server, client, token } = await signIn()
      const { fetch, signal } = client.getSession()
      const events = new EventSource(`${server.origin}/events?tag=a`, { fetch })
      const errors = vi.fn<(event: Event) => void>()
      events.addEventListener('error', errors)
      await vi.waitFor(() => expect(events.readyState).toBe(events.OPEN))
      await client.logout()
      await client.login(bob)
      await vi.waitFor(() => expect(errors.mock.calls.length).toBeGreaterThan(3))
      events.close()
      const [[error] = []] = errors.mock.calls
      expect(error).toMatchObject({ type: 'error', message: 'Session ended: logout' })
      expect(isSessionEndedError(error)).toBe(false)
      expect(isSessionEndedError(signal.reason)).toBe(true)
      expect(server.tokens).toEqual([token])
    })

    it('over the `fetch` of any session goes on as the next user’s: it is to be given that of one', async () => {
      const { server, client, token } = await signIn()
      const events = new EventSource(`${server.origin}/events?tag=a`, { fetch: client.fetch })
      await vi.waitFor(() => expect(events.readyState).toBe(events.OPEN))
      const next = await client.login(bob)
      await vi.waitFor(() => expect(server.tokens).toEqual([token, next.token]))
      events.close()
    })
  })
}

import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { type AuthClient, isSessionEndedError, isSignedOutError } from 'signoff'
import { ada, bob } from '../support/renderApp.tsx'
import { failure } from '../support/requests.ts'
import { collectGarbage } from '../support/resources.ts'
import type { HttpClient, NotesClient } from './HttpClient.ts'
import { type Beginning, openNotesServer } from './openNotesServer.ts'
import { signIn } from './signIn.ts'

type Client = Awaited<ReturnType<typeof signIn>>['client']

/** The two things that a client may be given: the `fetch` of whichever session is on, and of one for good. */
const fetches: [string, (client: Client) => AuthClient['fetch']][] = [
  ['authClient.fetch', (client) => client.fetch],
  ['getSession().fetch', (client) => client.getSession().fetch],
]

const requests: [string, (notes: NotesClient) => Promise<unknown>][] = [
  ['a list', (notes) => notes.list('tag')],
  ['a note', (notes) => notes.add('text')],
]

const beginnings: Beginning[] = ['nothing', 'the beginning of a body']

const moments = requests.flatMap(([what, send]) => beginnings.map((beginning) => ({ what, send, beginning })))

/** Runs every promise of a session over one HTTP client. */
export const describeHttpClient = ({ name, createClient, keepsFetch = false }: HttpClient): void => {
  describe.each(fetches)(`${name} over %s`, (fetchName, fetchOf) => {
    const start = async () => {
      const app = await signIn()
      /** The HTTP client, made anew as for a component of the session that is on. */
      const open = (): NotesClient => createClient(fetchOf(app.client), app.server.origin)
      return { ...app, open, notes: open() }
    }

    it('sends the token, a query string and a body as they are', async () => {
      const { server, notes, token } = await start()
      const tag = 'a b&c=d/é?#%20+'
      const text = 'Ada’s "note"\nof 12 €'
      expect(await notes.list(tag)).toEqual([`${tag} of ${ada.email}`])
      expect(await notes.add(text)).toBe(`${text} of ${ada.email}`)
      expect(server.calls).toEqual([
        { act: 'list', text: tag, token },
        { act: 'add', text, token },
      ])
    })

    it.each(moments)(
      'tells whoever waits for $what of a logout when the API has sent $beginning',
      async ({ send, beginning }) => {
        const { server, client, notes, token } = await start()
        const { arrived, closed } = server.hang(beginning)
        const waiting = failure(send(notes))
        await arrived
        const result = client.logout()
        const error = await waiting
        expect(isSessionEndedError(error)).toBe(true)
        expect(isSignedOutError(error)).toBe(false)
        expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(token)
        await closed
        expect(await result).toMatchObject({ revoked: true })
        expect(server.tokens).toEqual([token])
      },
    )

    it.each(requests)(
      'ends the session when %s is refused, once and without a logout',
      async (_what, send) => {
        const { server, client, notes, token, user, onSignOut } = await start()
        server.expire(token)
        const errors = await Promise.all([send(notes), send(notes)].map(failure))
        expect(errors.map(isSessionEndedError)).toEqual([true, true])
        expect(client.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
        await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
        expect(onSignOut.mock.calls).toEqual([[{ reason: 'rejected', user }]])
        expect(server.logouts()).toEqual([])
      },
    )

    it.each(requests)('sends %s to another origin without the token', async (_what, send) => {
      const { client, token } = await start()
      const other = await openNotesServer(true)
      await send(createClient(fetchOf(client), other.origin))
      expect(other.calls).toEqual([expect.objectContaining({ token: undefined })])
      expect(client.getState()).toMatchObject({ status: 'signed-in', token })
    })

    it.each(requests)(
      'hears a 401 of another origin for %s, and the session goes on',
      async (_what, send) => {
        const { client, token } = await start()
        const other = await openNotesServer()
        await send(createClient(fetchOf(client), other.origin)).catch(() => {})
        expect(other.tokens).toEqual([undefined])
        expect(client.getState()).toMatchObject({ status: 'signed-in', token })
      },
    )

    it.each(requests)('never sends %s of somebody else for the next user', async (_what, send) => {
      const { server, client, open, notes } = await start()
      const { arrived, closed } = server.hang('nothing')
      const waiting = failure(send(notes))
      await arrived
      const next = await client.login(bob)
      expect(isSessionEndedError(await waiting)).toBe(true)
      await closed
      server.goOn()
      const before = server.tokens.length
      await send(open())
      expect(server.tokens.slice(before)).toEqual([next.token])
      expect(server.calls).toEqual([expect.objectContaining({ token: next.token })])
    })

    it.each(requests)('refuses %s while nobody is signed in, and sends nothing', async (_what, send) => {
      const { server, client, open } = await start()
      await client.logout()
      expect(isSignedOutError(await failure(send(open())))).toBe(true)
      expect(server.tokens).toEqual([])
    })

    /** What a session has had, held by nobody here, once it is over. */
    const endSession = async () => {
      const { server, client, notes, onSignOut } = await start()
      const listeners = () => getEventListeners(client.getSignal(), 'abort').length
      const before = listeners()
      for (let round = 0; round < 20; round += 1) await Promise.all([notes.list('tag'), notes.add('text')])
      expect(listeners()).toBe(before)

      const session = new WeakRef<object>(client.getSession())
      const user = new WeakRef<object>(client.getState().user ?? {})
      const answer = new WeakRef((await notes.list('tag')) as object)
      const { arrived, closed } = server.hang('nothing')
      const waiting = failure(notes.add('text'))
      await arrived
      await client.logout()
      await closed
      await vi.waitFor(() => expect(onSignOut).toHaveBeenCalled())
      onSignOut.mockReset()
      return Object.entries({ session, user, answer, error: new WeakRef((await waiting) as object) })
    }

    it('leaves nothing behind', async () => {
      const left = await endSession()
      await collectGarbage()
      const names = left.filter(([, reference]) => reference.deref()).map(([what]) => what)
      // Whoever keeps the `fetch` of a session keeps its signal, whose reason may be the error.
      const kept = keepsFetch && fetchName === 'getSession().fetch' ? ['session'] : []
      expect(names.filter((what) => what !== 'error' || kept.length === 0)).toEqual(kept)
    })
  })

  describe(`${name} over the \`fetch\` of a session that is over`, () => {
    it.each(requests)('is refused %s, before and after the next login', async (_what, send) => {
      const { server, client } = await signIn()
      const notes = createClient(client.getSession().fetch, server.origin)
      await client.logout()
      expect(isSessionEndedError(await failure(send(notes)))).toBe(true)
      await client.login(bob)
      expect(isSessionEndedError(await failure(send(notes)))).toBe(true)
      expect(server.tokens).toEqual([])
    })

    it.each(requests)('is refused %s that was asked for in the tick of the end', async (_what, send) => {
      const { server, client } = await signIn()
      const notes = createClient(client.getSession().fetch, server.origin)
      const error = failure(send(notes))
      const next = server.issue(bob.email)
      client.setSession(next)
      expect(isSessionEndedError(await error)).toBe(true)
      expect(server.tokens).not.toContain(next.token)
    })
  })
}

import { act } from '@testing-library/react'
import { ofetch } from 'ofetch'
import { describe, expect, it } from 'vitest'
import { isSessionEndedError } from 'signoff'
import { bob, renderApp } from '../support/renderApp.tsx'
import { listNotes } from './clients/generated/sdk.gen.ts'
import { createHttp as createHeyApi } from './clients/heyApi.ts'
import { createTrpc } from './clients/trpc.ts'
import { signIn } from './signIn.ts'

type Fetch = typeof globalThis.fetch

/** Asks for the notes with the tag `tag`. */
type Ask = (fetch: Fetch, origin: string) => Promise<unknown>

/** An app on screen, with Ada signed in. */
const start = async () => {
  const app = await signIn()
  renderApp(app.app, null)
  return app
}

type App = Awaited<ReturnType<typeof start>>

const ofAny = ({ client }: App): Fetch => client.fetch
const ofOne = ({ client }: App): Fetch => client.getSession().fetch

/** Bob takes over. */
const replace = ({ client, server }: App) => {
  const next = server.issue(bob.email)
  act(() => client.setSession(next))
  return next
}

const late: [string, Ask][] = [
  ['@trpc/client', (fetch, origin) => createTrpc(fetch, `${origin}/trpc`).list.query('tag')],
  [
    'the client of @hey-api/openapi-ts',
    async (fetch, origin) =>
      (await listNotes({ client: createHeyApi(fetch, origin), query: { tag: 'tag' } })).data,
  ],
]

/** What a client does by itself, and the guide says. */
export const describeLimits = (): void => {
  describe.each(late)('%s, which sends after it was called,', (_name, ask) => {
    const askInTheTickOfTheEnd = async (fetchOf: (app: App) => Fetch) => {
      const app = await start()
      const answer = ask(fetchOf(app), app.server.origin).catch((error: unknown) => error)
      const next = replace(app)
      return { ...app, next, answer: await answer }
    }

    it('asks as the next user over `authClient.fetch`, if they take over in that tick', async () => {
      const { server, next, answer } = await askInTheTickOfTheEnd(ofAny)
      expect(String(answer)).toBe(`tag of ${bob.email}`)
      expect(server.tokens).toEqual([next.token])
    })

    it('asks in vain over the `fetch` of one session', async () => {
      const { server, answer } = await askInTheTickOfTheEnd(ofOne)
      expect(isSessionEndedError(answer)).toBe(true)
      expect(server.tokens).toEqual([])
    })
  })

  describe('ofetch, which repeats what has failed,', () => {
    const endOnTheWay = async (fetchOf: (app: App) => Fetch) => {
      const app = await start()
      const http = ofetch.create({ baseURL: app.server.origin, retryDelay: 1 }, { fetch: fetchOf(app) })
      const { arrived } = app.server.hang('nothing')
      const answer = http('/notes', { query: { tag: 'tag' } }).catch((error: unknown) => error)
      await arrived
      app.server.goOn()
      const next = replace(app)
      return { ...app, next, answer: await answer }
    }

    it('asks as the next user over `authClient.fetch`: hence `retry: false` in the guide', async () => {
      const { server, token, next, answer } = await endOnTheWay(ofAny)
      expect(answer).toEqual([`tag of ${bob.email}`])
      expect(server.tokens).toEqual([token, next.token])
    })

    it('asks in vain over the `fetch` of one session', async () => {
      const { server, token, answer } = await endOnTheWay(ofOne)
      expect(isSessionEndedError(answer)).toBe(true)
      expect(server.tokens).toEqual([token])
    })
  })

  it('what @hey-api/openapi-ts generates resolves with the error where nothing asks it to throw', async () => {
    const app = await start()
    const client = createHeyApi(ofOne(app), app.server.origin)
    const { arrived } = app.server.hang('nothing')
    const answer = listNotes({ client, throwOnError: false })
    await arrived
    act(() => void app.client.logout())
    expect(isSessionEndedError((await answer).error)).toBe(true)
  })
}

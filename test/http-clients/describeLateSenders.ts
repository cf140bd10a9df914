import { act } from '@testing-library/react'
import { ofetch } from 'ofetch'
import { describe, expect, it } from 'vitest'
import { isSessionEndedError } from 'signoff'
import { bob, renderApp } from '../support/renderApp.tsx'
import { createTrpc } from './clients/trpc.ts'
import { signIn } from './signIn.ts'

type Fetch = typeof globalThis.fetch

/** An app on screen, with Ada signed in. */
const start = async () => {
  const app = await signIn()
  renderApp(app.app, null)
  return app
}

/** What a `fetch` of any session cannot know: for whom a client sends that sends later than it is called, or again. */
export const describeLateSenders = (): void => {
  describe('ofetch, which sends again what has failed,', () => {
    const retrying = (fetch: Fetch, baseURL: string) => ofetch.create({ baseURL, retryDelay: 1 }, { fetch })

    const replace = async (fetchOf: (app: Awaited<ReturnType<typeof start>>) => Fetch) => {
      const app = await start()
      const { arrived } = app.server.hang('nothing')
      const answer = retrying(fetchOf(app), app.server.origin)('/notes', { query: { tag: 'tag' } }).catch(
        (error: unknown) => error,
      )
      await arrived
      app.server.goOn()
      const next = app.server.issue(bob.email)
      act(() => app.client.setSession(next))
      return { ...app, next, answer: await answer }
    }

    it('asks as the next user over `authClient.fetch`: hence `retry: false` in the guide', async () => {
      const { server, token, next, answer } = await replace(({ client }) => client.fetch)
      expect(answer).toEqual([`tag of ${bob.email}`])
      expect(server.tokens).toEqual([token, next.token])
    })

    it('asks in vain over the `fetch` of one session', async () => {
      const { server, token, answer } = await replace(({ client }) => client.getSession().fetch)
      expect(isSessionEndedError(answer)).toBe(true)
      expect(server.tokens).toEqual([token])
    })
  })

  describe('@trpc/client, which sends what is called in one tick together, after it,', () => {
    const replace = async (fetchOf: (app: Awaited<ReturnType<typeof start>>) => Fetch) => {
      const app = await start()
      const answer = createTrpc(fetchOf(app), `${app.server.origin}/trpc`)
        .list.query('tag')
        .catch((error: unknown) => error)
      const next = app.server.issue(bob.email)
      act(() => app.client.setSession(next))
      return { ...app, next, answer: await answer }
    }

    it('asks as the next user over `authClient.fetch`, where the session is replaced in that tick', async () => {
      const { server, next, answer } = await replace(({ client }) => client.fetch)
      expect(answer).toEqual([`tag of ${bob.email}`])
      expect(server.tokens).toEqual([next.token])
    })

    it('asks in vain over the `fetch` of one session', async () => {
      const { server, answer } = await replace(({ client }) => client.getSession().fetch)
      expect(isSessionEndedError(answer)).toBe(true)
      expect(server.tokens).toEqual([])
    })
  })
}

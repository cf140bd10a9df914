import { act, render } from '@testing-library/react'
import { isHTTPError } from 'ky'
import { expect, it } from 'vitest'
import { type AuthClient, useSession } from 'signoff'
import { createTestAuthClient, createTestApi } from 'signoff/testing'
import { ended, failure } from '../support/requests.ts'

type Handle = ReturnType<AuthClient['getSession']>

const ada = { id: '1', name: 'Ada' }
const bob = { id: '2', name: 'Bob' }

const signedIn = () => {
  const api = createTestApi({ user: bob })
  const authClient = createTestAuthClient({ api, user: ada })
  return { api, authClient }
}

it('lets nothing that a session sends be retried', async () => {
  const { api, authClient } = signedIn()
  const session = authClient.getSession()
  api.fail(503, { 'Retry-After': '0' })
  for (const send of [authClient.api, session.api, session.api.extend({ headers: { 'X-Own': '1' } })]) {
    expect(isHTTPError(await failure(send.get('notes')))).toBe(true)
  }
  expect((await session.fetch(`${api.baseUrl}/notes`)).status).toBe(503)
  expect(api.requests).toHaveLength(4)
})

it('gives the same handle as long as the session is on, to components too', async () => {
  const { api, authClient } = signedIn()
  api.on('GET notes', ({ user }) => [`a note of ${user?.name}`])
  const handles: Handle[] = []
  const Probe = () => {
    handles.push(useSession())
    return null
  }
  const first = authClient.getSession()
  expect(authClient.getSession()).toBe(first)
  expect(first.signal).toBe(authClient.getSignal())
  render(<Probe />, { wrapper: authClient.wrapper })
  await act(() => authClient.login({}))
  const second = authClient.getSession()
  expect(second).not.toBe(first)
  expect(handles).toHaveLength(2)
  expect(handles[0]).toBe(first)
  expect(handles[1]).toBe(second)

  expect(await failure(first.api('notes'))).toEqual(ended('replaced'))
  expect(await failure(first.fetch(`${api.baseUrl}/notes`))).toEqual(ended('replaced'))
  expect(await second.api('notes').json()).toEqual(['a note of Bob'])
  expect(await (await second.fetch(`${api.baseUrl}/notes`)).json()).toEqual(['a note of Bob'])
})

// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { createTestApi, createTestAuthClient } from 'signoff/testing'
import type { User } from '../auth.ts'
import { Farewell, type LogoutReceipt } from './Farewell.tsx'
import { LogoutButton } from './LogoutButton.tsx'

const ada: User = { id: '1', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' }

const Page = () => {
  const [receipt, setReceipt] = useState<LogoutReceipt | null>(null)
  return (
    <>
      <LogoutButton onStart={() => setReceipt(null)} onEnd={setReceipt} />
      <Farewell receipt={receipt} />
    </>
  )
}

const openPage = () => {
  const api = createTestApi({ user: ada, baseUrl: '/api' })
  api.on('GET sessions/count', () => ({ live: api.sessions.length }))
  // The inspector asks for that with the page's own `fetch`.
  vi.stubGlobal('fetch', api.fetch)
  const authClient = createTestAuthClient({ api, user: ada })
  render(<Page />, authClient)
  return { api, authClient }
}

const logOut = () => fireEvent.click(screen.getByRole('button', { name: 'Log out' }))

afterEach(() => vi.unstubAllGlobals())

it('says nothing while somebody is signed in', () => {
  openPage()
  expect(screen.queryByText(/signed out|has ended/)).toBeNull()
})

it('says what the API said to the logout', async () => {
  openPage()
  logOut()
  expect(screen.getByText('You are signed out.')).toBeDefined()
  await screen.findByText('HTTP 200')
  expect(screen.getByText('token revoked')).toBeDefined()
})

it('waits for an API that hangs no longer than the timeout', async () => {
  const { api } = openPage()
  api.hang()
  logOut()
  expect(screen.getByText('Telling the server…')).toBeDefined()
  await screen.findByText('No answer (timeout)')
  expect(screen.getByText('revocation unconfirmed')).toBeDefined()
})

it('says which status an API fails with', async () => {
  const { api } = openPage()
  api.fail(400)
  logOut()
  await screen.findByText('HTTP 400')
  expect(screen.getByText('revocation unconfirmed')).toBeDefined()
})

it('says that the session has ended where the API refuses the token', async () => {
  const { api, authClient } = openPage()
  api.revokeTokens()
  void authClient.queryClient.refetchQueries(authClient.userOptions)
  await screen.findByText('Your session has ended.')
})

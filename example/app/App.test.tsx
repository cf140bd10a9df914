// @vitest-environment happy-dom
import { onlineManager, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AuthProvider } from 'signoff'
import { createTestApi, type TestApi } from 'signoff/testing'
import { isQueryBefore } from '../../test/support/queryVersion.ts'
import { App } from './App.tsx'
import { authClient, queryClient, type User } from './auth.ts'
import type { Note } from './notes/notesQuery.ts'

const ada: User = { id: '1', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' }
const createdAt = '2026-01-01T00:00:00.000Z'

// Before 5.89 a mutation's callbacks are not given the client, which the example's take from there.
const isClientless = isQueryBefore(89)

let api: TestApi<User>
let notes: Note[]

beforeEach(() => {
  api = createTestApi({ user: ada, baseUrl: '/api' })
  notes = [{ id: '1', text: 'Buy milk', createdAt }]
  api.on('GET notes', () => notes)
  api.on('POST notes', ({ body }) => {
    const note = { id: `${notes.length + 1}`, ...(body as { text: string }), createdAt }
    notes = [note, ...notes]
    return note
  })
  api.on('DELETE notes/:id', ({ params }) => {
    notes = notes.filter(({ id }) => id !== params.id)
  })
  api.on('GET announcements', () => [])
  api.on('GET sessions/count', () => ({ live: api.sessions.length }))
  vi.stubGlobal('fetch', api.fetch)
})

afterEach(async () => {
  cleanup()
  api.recover()
  onlineManager.setOnline(true)
  await authClient.logout()
  queryClient.clear()
  vi.unstubAllGlobals()
})

/** The page as `main.tsx` renders it, with its own client. */
const openPage = () =>
  render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={authClient}>
          <App />
        </AuthProvider>
      </QueryClientProvider>
    </StrictMode>,
  )

const openPageAs = (user: User) => {
  authClient.setSession(api.createSession(user))
  openPage()
}

const fill = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

const queryNotes = () => screen.queryByRole('region', { name: 'Notes' })

const logOut = () => fireEvent.click(screen.getByRole('button', { name: 'Log out' }))

it('logs in, and shows the notes and the name of the user', async () => {
  openPage()
  expect(queryNotes()).toBeNull()
  fill(/E-mail/, ada.email)
  fill(/Password/, 'correct horse')
  fireEvent.click(screen.getByRole('button', { name: 'Log in' }))
  await screen.findByText('Buy milk')
  expect(screen.getByText('Ada Lovelace')).toBeDefined()
  expect(api.requests.find(({ path }) => path === 'auth/login')?.body).toEqual({
    email: ada.email,
    password: 'correct horse',
  })
})

it('registers', async () => {
  openPage()
  fireEvent.click(screen.getByRole('button', { name: 'Register' }))
  fill(/First name/, 'Ada')
  fill(/E-mail/, ada.email)
  fill(/Password/, 'correct horse')
  fireEvent.click(screen.getByRole('button', { name: 'Create account' }))
  await screen.findByText('Buy milk')
  expect(api.requests.find(({ path }) => path === 'auth/register')?.body).toEqual({
    firstName: 'Ada',
    email: ada.email,
    password: 'correct horse',
  })
})

it.skipIf(isClientless)('adds and deletes a note', async () => {
  openPageAs(ada)
  await screen.findByText('Buy milk')
  fill(/New note/, 'Forget it')
  fireEvent.click(screen.getByRole('button', { name: 'Add note' }))
  const text = await screen.findByText('Forget it')
  await waitFor(() => expect(notes.map((note) => note.text)).toEqual(['Forget it', 'Buy milk']))

  const deleteButton = await waitFor(() => {
    const button = within(text.closest('li') as HTMLElement).getByRole('button')
    expect(button).toHaveProperty('disabled', false)
    return button
  })
  fireEvent.click(deleteButton)
  await waitFor(() => expect(notes.map((note) => note.text)).toEqual(['Buy milk']))
  expect(screen.queryByText('Forget it')).toBeNull()
  expect(api.requests.every(({ path, user }) => user?.id === ada.id || !path.startsWith('notes'))).toBe(true)
})

it('logs out: the notes are gone in the tick, the token as soon as the API has answered', async () => {
  openPageAs(ada)
  await screen.findByText('Buy milk')
  logOut()
  expect(queryNotes()).toBeNull()
  await screen.findByText('token revoked')
  expect(api.sessions).toEqual([])
})

it('counts in the inspector what exists of the user, down to nothing after the logout', async () => {
  openPageAs(ada)
  await screen.findByText('Buy milk')
  const inspector = within(screen.getByRole('region', { name: 'Inspector' }))
  await inspector.findByText('things of yours in this tab')
  expect(inspector.getByText('["notes"]')).toBeDefined()
  expect(inspector.getByText('["announcements"]')).toBeDefined()
  logOut()
  await inspector.findByText('Nothing is left.')
  expect(inspector.getByText('signed-out · logout')).toBeDefined()
  expect(inspector.queryByText('["notes"]')).toBeNull()
  expect(inspector.getByText('["announcements"]')).toBeDefined()
})

it.skipIf(isClientless)(
  'says that the session has ended where the API no longer accepts the token',
  async () => {
    openPageAs(ada)
    await screen.findByText('Buy milk')
    api.revokeTokens()
    fill(/New note/, 'Too late')
    fireEvent.click(screen.getByRole('button', { name: 'Add note' }))
    await screen.findByText('The server no longer accepts its token.')
    expect(screen.queryByText('Buy milk')).toBeNull()
    expect(screen.getByRole('button', { name: 'Log in' })).toBeDefined()
  },
)

it('logs out of an API that hangs, and says so until that answers', async () => {
  openPageAs(ada)
  await screen.findByText('Buy milk')
  api.hang()
  logOut()
  expect(screen.queryByText('Buy milk')).toBeNull()
  expect(screen.getByText('Telling the server…')).toBeDefined()
  api.recover()
  await screen.findByText('token revoked')
  expect(api.sessions).toEqual([])
})

it('says that it is offline, and shows the notes once it is back', async () => {
  api.goOffline()
  onlineManager.setOnline(false)
  openPageAs(ada)
  const sheet = screen.getByRole('region', { name: 'Notes' })
  expect(within(sheet).getByText('You are offline.')).toBeDefined()
  api.recover()
  onlineManager.setOnline(true)
  await screen.findByText('Buy milk')
})

it('offers another try where the notes did not arrive', async () => {
  api.fail(500)
  openPageAs(ada)
  // The page's own client is at work: ky asks three times, for about a second.
  const failure = await screen.findByText('Your notes did not arrive.', {}, { timeout: 4_000 })
  api.recover()
  fireEvent.click(within(failure.closest('div') as HTMLElement).getByRole('button', { name: 'Try again' }))
  await screen.findByText('Buy milk')
})

// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createTestApi, createTestAuthClient } from 'signoff/testing'
import { demoUser } from '../../demoUser.ts'
import type { User } from '../auth.ts'
import { SignInForm } from './SignInForm.tsx'

const ada: User = { id: '1', firstName: 'Ada', lastName: 'Lovelace', email: demoUser.email }

const openForm = () => {
  const api = createTestApi({ user: ada })
  const authClient = createTestAuthClient({ api })
  render(<SignInForm onSwitch={() => {}} />, authClient)
  fireEvent.click(screen.getByRole('button', { name: 'Fill in the demo account' }))
  return { api, authClient }
}

const getPassword = () => screen.getByLabelText<HTMLInputElement>('Password')
const submit = () => fireEvent.click(screen.getByRole('button', { name: 'Log in' }))
const alert = () => screen.getByRole('alert').textContent

it('logs in with what is in its fields, and empties them', async () => {
  const { api, authClient } = openForm()
  submit()
  await waitFor(() => expect(authClient.getState().user).toEqual(ada))
  expect(api.requests).toMatchObject([{ body: { email: demoUser.email, password: demoUser.password } }])
  await waitFor(() => expect(getPassword().value).toBe(''))
})

it('shows what the API says to a wrong password, and keeps the fields', async () => {
  const { api } = openForm()
  api.on('POST auth/login', () => Response.json({ message: 'Wrong password.' }, { status: 401 }))
  submit()
  await waitFor(() => expect(alert()).toBe('Wrong password.'))
  expect(getPassword().value).toBe(demoUser.password)
})

it('sends nothing twice while the API hangs', async () => {
  const { api, authClient } = openForm()
  api.hang()
  submit()
  await waitFor(() => expect(api.requests).toHaveLength(1))
  submit()
  api.recover()
  await waitFor(() => expect(authClient.getState().status).toBe('signed-in'))
  expect(api.requests).toHaveLength(1)
})

it('says that the API is out of reach, and logs in once it is back', async () => {
  const { api, authClient } = openForm()
  api.goOffline()
  submit()
  await waitFor(() => expect(alert()).toBe('POST auth/login failed: network 0'))
  api.recover()
  submit()
  await waitFor(() => expect(authClient.getState().status).toBe('signed-in'))
  expect(alert()).toBe('')
})

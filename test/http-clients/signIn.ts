import { vi } from 'vitest'
import { memoryStorage } from 'signoff'
import { ada, makeClient } from '../support/renderApp.tsx'
import { openNotesServer } from './openNotesServer.ts'

/** Ada is signed in at a server of notes. */
export const signIn = async () => {
  const server = await openNotesServer()
  const onSignOut = vi.fn()
  const app = makeClient({
    baseUrl: server.origin,
    storage: memoryStorage(),
    onSignOut,
    endpoints: { login: 'api/auth/login', user: 'api/auth/user', logout: 'api/auth/logout' },
  })
  const { token, user } = await app.client.login(ada)
  return { server, app, client: app.client, token, user, onSignOut }
}

import { createAuthClient, webStorage } from 'signoff'
import { queryClient } from './queryClient.ts'

export const authClient = createAuthClient({
  baseUrl: '/api/v1',
  queryClient,
  storage: webStorage('local', 'access_token'),
  endpoints: { login: { path: 'login/access-token', encoding: 'form' }, user: 'users/me', logout: null },
  isRejection: async (answer) => answer.status === 403 && /not validate/.test(await answer.text()),
})

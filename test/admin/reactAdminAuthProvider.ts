import type { AuthProvider } from 'react-admin'
import { authClient, queryClient } from './reactAdminClient.ts'

export const authProvider: AuthProvider = {
  login: (credentials: { email: string; password: string }) => authClient.login(credentials),
  logout: async () => {
    void authClient.logout()
  },
  checkAuth: async () => {
    if (authClient.getState().token === null) throw new Error('Log in')
  },
  checkError: async () => {},
  getIdentity: async () => {
    const { id, email } = await queryClient.ensureQueryData(authClient.userOptions)
    return { id: id as string, fullName: email as string }
  },
}

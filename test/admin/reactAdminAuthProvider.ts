import type { AuthProvider } from 'react-admin'
import { authClient, queryClient } from './reactAdminClient.ts'

export const authProvider: AuthProvider = {
  login: ({ username, password }: { username: string; password: string }) =>
    authClient.login({ email: username, password }),
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

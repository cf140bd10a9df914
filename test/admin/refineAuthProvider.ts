import type { AuthProvider } from '@refinedev/core'
import { authClient, queryClient } from './refineClient.ts'

export const authProvider: AuthProvider = {
  login: (credentials: { email: string; password: string }) =>
    authClient.login(credentials).then(
      () => ({ success: true, redirectTo: '/' }),
      (error: Error) => ({ success: false, error }),
    ),
  logout: async () => {
    void authClient.logout()
    return { success: true, redirectTo: '/login' }
  },
  check: async () => ({ authenticated: authClient.getState().token !== null }),
  getIdentity: () => queryClient.ensureQueryData(authClient.userOptions),
  onError: async () => ({}),
}

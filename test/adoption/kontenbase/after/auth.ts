import { QueryClient, useQuery } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

export const queryClient = new QueryClient()
export const authClient = createAuthClient({ baseUrl: `${location.origin}/query/api/v1/KEY`, queryClient })
authClient.mount()

export const useUser = () => useQuery(authClient.userOptions)

export const logIn = async (credentials: { email: string; password: string }) => {
  await authClient.login(credentials)
}

export const logOut = async () => {
  await authClient.logout()
}

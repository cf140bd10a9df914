import { KontenbaseClient } from '@kontenbase/sdk'
import { QueryClient, useQuery } from '@tanstack/react-query'

export const queryClient = new QueryClient()
export const kontenbase = new KontenbaseClient({ apiKey: 'KEY', url: location.origin })

const getUser = async () => (await kontenbase.auth.user()).user ?? null

export const useUser = () => useQuery({ queryKey: ['user'], queryFn: getUser })

export const logIn = async (credentials: { email: string; password: string }) => {
  const { user, error } = await kontenbase.auth.login(credentials)
  if (error) throw new Error(error.message)
  queryClient.setQueryData(['user'], user)
}

export const logOut = async () => {
  await kontenbase.auth.logout()
  queryClient.setQueryData(['user'], null)
}

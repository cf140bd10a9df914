import { useAuth, useLogout as useLogoutMutation } from 'signoff'
import type { User } from './api.ts'

export { useLogin } from 'signoff'

export const useUser = (): User | null | undefined =>
  useAuth(({ status, user }) => (status === 'restoring' ? undefined : user)) as User | null | undefined

export const useLogout = () => {
  const { mutate } = useLogoutMutation()
  return () => mutate()
}

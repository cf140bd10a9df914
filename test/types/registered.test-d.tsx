/** Compiled by `tsc`, never run: with a registered client everything is typed without generics. */
import { QueryClient, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { expectTypeOf } from 'vitest'
import {
  type AuthState,
  createAuthClient,
  type LogoutResult,
  SignedIn,
  useAuth,
  useAuthClient,
  useLogin,
  useLogout,
  useRegister,
  useToken,
  useUser,
} from 'signoff'

interface User {
  id: string
  firstName: string
}

interface Credentials {
  email: string
  password: string
}

interface Details extends Credentials {
  firstName: string
}

const authClient = createAuthClient<User, Credentials, Details>({
  baseUrl: '/api',
  queryClient: new QueryClient(),
})

declare module 'signoff' {
  interface Register {
    client: typeof authClient
  }
}

export const Component = () => {
  expectTypeOf(useUser()).toEqualTypeOf<User | null>()
  expectTypeOf(useToken()).toEqualTypeOf<string | null>()
  expectTypeOf(useAuth()).toEqualTypeOf<AuthState<User>>()
  expectTypeOf(useAuth((state) => state.user?.firstName)).toEqualTypeOf<string | undefined>()
  expectTypeOf(useAuthClient().getState().user).toEqualTypeOf<User | null>()

  const state = useAuth()
  if (state.status === 'signed-in') {
    expectTypeOf(state.user).toEqualTypeOf<User>()
    expectTypeOf(state.token).toEqualTypeOf<string>()
  } else if (state.status === 'signed-out') {
    expectTypeOf(state.token).toEqualTypeOf<null>()
    expectTypeOf(state.reason).toEqualTypeOf<'logout' | 'rejected' | 'elsewhere' | null>()
  }

  const login = useLogin({
    onSuccess: ({ user, token }, credentials) => {
      expectTypeOf(user).toEqualTypeOf<User>()
      expectTypeOf(token).toEqualTypeOf<string>()
      expectTypeOf(credentials).toEqualTypeOf<Credentials>()
    },
  })
  login.mutate({ email: 'a@example.com', password: 'secret' })
  // @ts-expect-error the password is missing
  login.mutate({ email: 'a@example.com' })
  login.mutate(({ signal, fetch }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(fetch('/api/code')).toEqualTypeOf<Promise<Response>>()
    return { token: 'token' }
  })
  // @ts-expect-error a login of the app's own brings a token
  login.mutate(async () => ({}))
  // @ts-expect-error the mutation function is the package's own
  useLogin({ mutationFn: async () => {} })

  const register = useRegister()
  register.mutate({ email: 'a@example.com', password: 'secret', firstName: 'Ada' })
  // @ts-expect-error the first name is missing
  register.mutate({ email: 'a@example.com', password: 'secret' })

  const logout = useLogout({ onSuccess: ({ user }) => expectTypeOf(user).toEqualTypeOf<User | null>() })
  logout.mutate()
  expectTypeOf(logout.data).toEqualTypeOf<LogoutResult<User> | undefined>()

  expectTypeOf(useQuery(authClient.userOptions).data).toEqualTypeOf<User | undefined>()
  expectTypeOf(useSuspenseQuery(authClient.userOptions).data).toEqualTypeOf<User>()

  // @ts-expect-error there is no such prop
  return <SignedIn loading={null} />
}

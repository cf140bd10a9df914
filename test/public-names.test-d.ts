/** Compiled by `tsc`, never run: the types where no client is registered. */
import { QueryClient } from '@tanstack/react-query'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import { createAuthClient, type DefaultUser, isRequestError, type useUser } from 'signoff'

const queryClient = new QueryClient()

const plain = createAuthClient({ baseUrl: '/api', queryClient })
expectTypeOf(plain.getState().user).toEqualTypeOf<DefaultUser | null>()
expectTypeOf<ReturnType<typeof useUser>>().toEqualTypeOf<DefaultUser | null>()

const inferred = createAuthClient({
  baseUrl: '/api',
  queryClient,
  userSchema: z.object({ id: z.string(), born: z.coerce.date() }),
})
expectTypeOf(inferred.getState().user).toEqualTypeOf<{ id: string; born: Date } | null>()
expectTypeOf(queryClient.getQueryData(inferred.userOptions.queryKey)).toEqualTypeOf<
  { id: string; born: Date } | undefined
>()

// @ts-expect-error the query client is required
createAuthClient({ baseUrl: '/api' })
// @ts-expect-error there is no such option
createAuthClient({ baseUrl: '/api', queryClient, tokenKey: 'token' })
createAuthClient({
  baseUrl: '/api',
  queryClient,
  endpoints: { logout: { path: 'sign-out', method: 'POST', body: {} } },
  onSignOut: ({ reason, user }) => {
    expectTypeOf(reason).toEqualTypeOf<'logout' | 'rejected' | 'elsewhere' | 'replaced'>()
    expectTypeOf(user).toEqualTypeOf<DefaultUser | null>()
  },
})

const error: unknown = undefined
if (isRequestError(error)) {
  expectTypeOf(error.code).toEqualTypeOf<'network' | 'timeout' | 'http' | 'invalid-response'>()
  expectTypeOf(error.name).toEqualTypeOf<'RequestError'>()
  expectTypeOf(error.data).toEqualTypeOf<unknown>()
}

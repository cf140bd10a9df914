/** Compiled by `tsc`, never run: the types of a test where no client is registered. */
import type { QueryClient } from '@tanstack/react-query'
import { expectTypeOf } from 'vitest'
import type { AuthClient, DefaultUser } from 'signoff'
import { createTestApi, createTestAuthClient } from 'signoff/testing'

interface User {
  id: string
}

const ada: User = { id: '1' }

const api = createTestApi({ user: ada })
expectTypeOf(api.createSession(ada).user).toEqualTypeOf<User>()
expectTypeOf(api.requests[0]?.body).toEqualTypeOf<unknown>()
api.on('PUT notes/:id/tags/:tag', ({ params, user }) => {
  expectTypeOf(params.id).toEqualTypeOf<string>()
  expectTypeOf(params.tag).toEqualTypeOf<string>()
  expectTypeOf(user).toEqualTypeOf<User | null>()
  // @ts-expect-error the route has no such parameter
  return params.name
})
const route: string = 'GET notes/:id'
api.on(route, ({ params }) => expectTypeOf(params['id']).toEqualTypeOf<string | undefined>())

const authClient = createTestAuthClient({ api, user: ada })
expectTypeOf(authClient).toExtend<AuthClient<User>>()
expectTypeOf(authClient.queryClient).toEqualTypeOf<QueryClient>()
expectTypeOf(createTestAuthClient({ user: ada }).getState().user).toEqualTypeOf<User | null>()
expectTypeOf(createTestAuthClient().getState().user).toEqualTypeOf<DefaultUser | null>()
expectTypeOf(createTestAuthClient<User>().getState().user).toEqualTypeOf<User | null>()

// @ts-expect-error the API and its address are those of `api`
createTestAuthClient({ user: ada, baseUrl: '/api' })
// @ts-expect-error the API has users of another kind
createTestAuthClient({ api: createTestApi({ user: { name: 'Ada' } }), user: ada })

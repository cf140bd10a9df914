/** Compiled by `tsc`, never run: with a registered client (`registered.test-d.tsx`) a test is typed by it. */
import { expectTypeOf } from 'vitest'
import { createTestApi, createTestAuthClient } from 'signoff/testing'

const ada = { id: '1', firstName: 'Ada', isAdmin: true }

const api = createTestApi({ user: ada })
expectTypeOf(api.sessions[0]?.user).toEqualTypeOf<{ id: string; firstName: string } | undefined>()
api.on('GET notes', ({ user }) =>
  expectTypeOf(user).toEqualTypeOf<{ id: string; firstName: string } | null>(),
)
// @ts-expect-error the first name is missing
createTestApi({ user: { id: '1' } })

const authClient = createTestAuthClient({ api, user: ada })
expectTypeOf(authClient.getState().user).toEqualTypeOf<{ id: string; firstName: string } | null>()
// @ts-expect-error the password is missing
void authClient.login({ email: 'ada@example.com' })
// @ts-expect-error the first name is missing
createTestAuthClient({ user: { id: '1' } })

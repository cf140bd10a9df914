/** Compiled by `tsc`, never run: each schema library tells the type of the user. */
import { expectTypeOf } from 'vitest'
import { authClient as arktypeClient } from '../recipes/arktypeUser.ts'
import { authClient as valibotClient } from '../recipes/valibotUser.ts'
import { authClient as zodClient } from '../recipes/zodUser.ts'

interface User {
  id: string
  email: string
  createdAt: Date
}

expectTypeOf(zodClient.getState().user).toEqualTypeOf<User | null>()
expectTypeOf(valibotClient.getState().user).toEqualTypeOf<User | null>()
expectTypeOf(arktypeClient.getState().user).toEqualTypeOf<User | null>()

expectTypeOf(zodClient.login({})).resolves.toHaveProperty('user').toEqualTypeOf<User>()
expectTypeOf(valibotClient.login({})).resolves.toHaveProperty('user').toEqualTypeOf<User>()
expectTypeOf(arktypeClient.login({})).resolves.toHaveProperty('user').toEqualTypeOf<User>()

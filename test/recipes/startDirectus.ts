import { isAnswered } from './isAnswered.ts'
import { makeTokens } from './makeTokens.ts'
import { openRecordedApi, type RecordedAnswer } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const fail = (status: number, code: string, message: string): RecordedAnswer => [
  status,
  { errors: [{ message, extensions: { code } }] },
]

const user = {
  id: '54a1e8f1-1f5e-4ee1-9a3c-0a1d6c2f7b10',
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@example.com',
  password: '**********',
  status: 'active',
  token: null,
}

const notes = { data: [{ id: 1, text: 'a note of hers' }] }

/** Directus 11 with tokens of mode `json`: as `@directus/api` 23.3.2 answers. */
export const startDirectus = async (): Promise<RecipeServer> => {
  const tokens = makeTokens({ id: user.id, role: 'editor', app_access: true, admin_access: false })
  const refusals = {
    expired: fail(401, 'TOKEN_EXPIRED', 'Token expired.'),
    invalid: fail(403, 'INVALID_TOKEN', 'Invalid token.'),
  }
  const forUser =
    (answer: unknown) =>
    ({ token }: { token: string }): RecordedAnswer => {
      const fault = tokens.check(token)
      return fault ? refusals[fault] : [200, answer]
    }

  const { origin, close } = await openRecordedApi({
    'POST /auth/login': ({ body: { email, password } }) =>
      email === user.email && password === 'Secret123'
        ? [
            200,
            {
              data: { expires: 900_000, access_token: tokens.issue(900), refresh_token: 'gmPd8wuB-refresh' },
            },
          ]
        : fail(401, 'INVALID_CREDENTIALS', 'Invalid user credentials.'),
    'POST /auth/logout': ({ body }) =>
      body['refresh_token']
        ? [204]
        : fail(
            400,
            'INVALID_PAYLOAD',
            'Invalid payload. The refresh token is required in either the payload or cookie.',
          ),
    'GET /users/me': forUser({ data: user }),
    'GET /items/notes': forUser(notes),
    default: () => fail(404, 'ROUTE_NOT_FOUND', "Route doesn't exist."),
  })

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user: { id: user.id, email: user.email, first_name: 'Ada', last_name: 'Lovelace' },
    privatePath: 'items/notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/users/me`, token),
    // The second is of a server whose secret was another.
    expire: () => [tokens.issue(-1), makeTokens({}).issue(900)],
    close,
  }
}

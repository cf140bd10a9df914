import { isAnswered } from './isAnswered.ts'
import { makeSessions } from './makeSessions.ts'
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
  const sessions = makeSessions({ id: user.id, role: 'editor', app_access: true, admin_access: false })
  const refusals = {
    expired: fail(401, 'TOKEN_EXPIRED', 'Token expired.'),
    invalid: fail(403, 'INVALID_TOKEN', 'Invalid token.'),
  }
  const forUser =
    (answer: unknown) =>
    ({ token }: { token: string }): RecordedAnswer => {
      const fault = sessions.check(token)
      return fault ? refusals[fault] : [200, answer]
    }

  const answer = (opened: ReturnType<typeof sessions.refresh>): RecordedAnswer => {
    if (!opened) return fail(401, 'INVALID_CREDENTIALS', 'Invalid user credentials.')
    const { token, refreshToken } = opened
    return [200, { data: { expires: 900_000, access_token: token, refresh_token: refreshToken } }]
  }

  const { origin, close } = await openRecordedApi({
    'POST /auth/login': ({ body: { email, password } }) =>
      answer(email === user.email && password === 'Secret123' ? sessions.open() : undefined),
    'POST /auth/refresh': ({ body }) => answer(sessions.refresh(body['refresh_token'])),
    'POST /auth/logout': ({ body }) => {
      const needed = 'Invalid payload. The refresh token is required in either the payload or cookie.'
      if (!body['refresh_token']) return fail(400, 'INVALID_PAYLOAD', needed)
      sessions.endByRefresh(body['refresh_token'])
      return [204]
    },
    'GET /users/me': forUser({ data: user }),
    'GET /items/notes': forUser(notes),
    default: () => fail(404, 'ROUTE_NOT_FOUND', "Route doesn't exist."),
  })

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user: { id: user.id, email: user.email, first_name: 'Ada' },
    privatePath: 'items/notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/users/me`, token),
    isRefreshable: sessions.isOpen,
    expireAccess: sessions.expireAccess,
    alarms: sessions.alarms,
    openElsewhere: sessions.openElsewhere,
    // The second is of a server whose secret was another.
    expire: () => [sessions.issueExpired(), makeTokens({}).issue(900)],
    close,
  }
}

import { isAnswered } from './isAnswered.ts'
import { makeTokens } from './makeTokens.ts'
import { openRecordedApi, type RecordedAnswer } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const fail = (status: number, name: string, message: string): RecordedAnswer => [
  status,
  { data: null, error: { status, name, message, details: {} } },
]

const user = {
  id: 1,
  documentId: 'n1nmhqtvjbnlqhhsnrj9umz5',
  username: 'ada',
  email: 'ada@example.com',
  provider: 'local',
  confirmed: true,
  blocked: false,
  createdAt: '2026-01-01T12:00:00.000Z',
  updatedAt: '2026-01-01T12:00:00.000Z',
  publishedAt: '2026-01-01T12:00:00.000Z',
}

const notes = { data: [{ id: 1, text: 'a note of hers' }], meta: { pagination: { page: 1, total: 1 } } }

/** Strapi 5 with `jwtManagement: 'legacy-support'`, its default: as `@strapi/plugin-users-permissions` 5.54.0 answers. */
export const startStrapi = async (): Promise<RecipeServer> => {
  const tokens = makeTokens({ id: user.id })
  const forUser =
    (answer: unknown) =>
    ({ token }: { token: string }): RecordedAnswer =>
      tokens.check(token) ? fail(401, 'UnauthorizedError', 'Missing or invalid credentials') : [200, answer]

  const { origin, close } = await openRecordedApi({
    'POST /api/auth/local': ({ body: { identifier, password } }) =>
      identifier === 'ada' && password === 'Secret123'
        ? [200, { jwt: tokens.issue(30 * 24 * 3600), user }]
        : fail(400, 'ValidationError', 'Invalid identifier or password'),
    'GET /api/users/me': forUser(user),
    'GET /api/notes': forUser(notes),
    default: () => fail(404, 'NotFoundError', 'Not Found'),
  })

  return {
    origin,
    credentials: { identifier: 'ada', password: 'Secret123' },
    user: { id: 1, username: 'ada', email: 'ada@example.com' },
    privatePath: 'notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/api/users/me`, token),
    expire: () => [tokens.issue(-1)],
    close,
  }
}

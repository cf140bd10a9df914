import { isAnswered } from './isAnswered.ts'
import { makeSessions } from './makeSessions.ts'
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

/** Strapi 5 with `jwtManagement: 'refresh'`: as `@strapi/plugin-users-permissions` 5.54.0 answers. */
export const startStrapi = async (): Promise<RecipeServer> => {
  const sessions = makeSessions({ userId: String(user.id), type: 'access' })
  const forUser =
    (answer: unknown) =>
    ({ token }: { token: string }): RecordedAnswer =>
      sessions.check(token) ? fail(401, 'UnauthorizedError', 'Missing or invalid credentials') : [200, answer]

  const { origin, close } = await openRecordedApi({
    'POST /api/auth/local': ({ body: { identifier, password } }) => {
      if (identifier !== 'ada' || password !== 'Secret123')
        return fail(400, 'ValidationError', 'Invalid identifier or password')
      const { token, refreshToken } = sessions.open()
      return [200, { jwt: token, refreshToken, user }]
    },
    'POST /api/auth/refresh': ({ body }) => {
      const opened = sessions.refresh(body['refreshToken'])
      if (!opened) return fail(401, 'UnauthorizedError', 'Invalid refresh token')
      return [200, { jwt: opened.token, refreshToken: opened.refreshToken }]
    },
    'POST /api/auth/logout': ({ token, body: { scope } }) => {
      if (sessions.check(token)) return fail(401, 'UnauthorizedError', 'Missing authentication')
      if (scope === 'all') sessions.endAll()
      else sessions.end(token)
      return [200, { ok: true }]
    },
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
    isRefreshable: sessions.isOpen,
    expireAccess: sessions.expireAccess,
    alarms: sessions.alarms,
    openElsewhere: sessions.openElsewhere,
    expire: () => [sessions.issueExpired()],
    close,
  }
}

import { isAnswered } from './isAnswered.ts'
import { makeSessions } from './makeSessions.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = {
  id: '1a2b3c4d-5e6f-4a8b-9c0d-1e2f3a4b5c6d',
  aud: 'authenticated',
  role: 'authenticated',
  email: 'ada@example.com',
  app_metadata: { provider: 'email' },
  user_metadata: {},
}
const notes = [{ id: 1, text: 'a note of hers' }]

const fail = (status: number, errorCode: string, msg: string): RecordedAnswer => [
  status,
  { code: status, error_code: errorCode, msg },
]

/** Supabase Auth (GoTrue 2) and PostgREST, which knows nothing of sessions. */
export const startSupabase = async (): Promise<RecipeServer> => {
  const sessions = makeSessions({ sub: user.id, role: user.role })
  const withKey =
    (answer: (request: RecordedRequest) => RecordedAnswer) =>
    (request: RecordedRequest): RecordedAnswer =>
      request.headers['apikey'] === 'YOUR_PUBLISHABLE_KEY'
        ? answer(request)
        : [401, { message: 'No API key found in request' }]
  const forUser = (answer: (token: string) => RecordedAnswer) =>
    withKey(({ token }) => {
      if (sessions.check(token))
        return fail(403, 'bad_jwt', 'invalid JWT: unable to parse or verify signature')
      if (sessions.isOpen(token)) return answer(token)
      return fail(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
    })

  const describe = ({ token, refreshToken }: { token: string; refreshToken: string }): RecordedAnswer => {
    const fields = { access_token: token, token_type: 'bearer', expires_in: 3600 }
    return [200, { ...fields, refresh_token: refreshToken, user }]
  }

  const { origin, close } = await openRecordedApi({
    'POST /auth/v1/token?grant_type=password': withKey(({ body: { email, password } }) =>
      email === user.email && password === 'Secret123'
        ? describe(sessions.open())
        : fail(400, 'invalid_credentials', 'Invalid login credentials'),
    ),
    'POST /auth/v1/token?grant_type=refresh_token': withKey(({ body }) => {
      const opened = sessions.refresh(body['refresh_token'])
      return opened
        ? describe(opened)
        : fail(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
    }),
    'GET /auth/v1/user': forUser(() => [200, user]),
    'GET /rest/v1/notes': withKey(({ token }) =>
      sessions.check(token) ? [401, { code: 'PGRST301', message: 'JWT expired' }] : [200, notes],
    ),
    'GET /rest/v1/secrets': withKey(() => [403, { code: '42501', message: 'permission denied' }]),
    'POST /auth/v1/logout?scope=local': forUser((token) => {
      sessions.end(token)
      return [204]
    }),
    'POST /auth/v1/logout?scope=global': forUser(() => {
      sessions.endAll()
      return [204]
    }),
    default: () => [404, { message: 'no Route matched with those values' }],
  })
  const headers = { apikey: 'YOUR_PUBLISHABLE_KEY' }

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user: { id: user.id, email: user.email },
    privatePath: 'rest/v1/notes',
    privateAnswer: notes,
    forbiddenPath: 'rest/v1/secrets',
    isAlive: (token) => isAnswered(`${origin}/rest/v1/notes`, token, { headers }),
    isRefreshable: sessions.isOpen,
    expireAccess: sessions.expireAccess,
    alarms: sessions.alarms,
    openElsewhere: sessions.openElsewhere,
    expire: (token) => {
      sessions.end(token)
      return [token, sessions.issueExpired(), 'garbage']
    },
    close,
  }
}

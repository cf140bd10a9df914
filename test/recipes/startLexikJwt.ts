import { isAnswered } from './isAnswered.ts'
import { makeSessions } from './makeSessions.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = { username: 'ada@example.com', roles: ['ROLE_USER'] }
const notes = [{ id: 1, text: 'a note of hers' }]

/** Symfony with LexikJWTAuthenticationBundle 3 and its block list, and JWTRefreshTokenBundle 2 with `single_use`. */
export const startLexikJwt = async (): Promise<RecipeServer> => {
  const sessions = makeSessions(user)
  const blocked = new Set<string>()
  const refuse = (message: string): RecordedAnswer => [
    401,
    { code: 401, message },
    { 'WWW-Authenticate': 'Bearer' },
  ]
  const forUser =
    (answer: (request: RecordedRequest) => RecordedAnswer) =>
    (request: RecordedRequest): RecordedAnswer => {
      const fault = sessions.check(request.token)
      if (fault === 'expired') return refuse('Expired JWT Token')
      return fault || blocked.has(request.token) ? refuse('Invalid JWT Token') : answer(request)
    }
  const answer = ({ token, refreshToken }: { token: string; refreshToken: string }): RecordedAnswer => [
    200,
    { token, refresh_token: refreshToken },
  ]

  const { origin, close } = await openRecordedApi({
    'POST /api/login_check': ({ body: { username, password } }) =>
      username === user.username && password === 'Secret123'
        ? answer(sessions.open())
        : refuse('Invalid credentials.'),
    'POST /api/token/refresh': ({ body }) => {
      const opened = sessions.refresh(body['refresh_token'])
      return opened ? answer(opened) : refuse('JWT Refresh Token Not Found')
    },
    'GET /api/notes': forUser(() => [200, notes]),
    'POST /api/logout': forUser(({ token, body }) => {
      blocked.add(token)
      if (!body['refresh_token']) return [400, { code: 400, message: 'No refresh_token found.' }]
      const isEnded = sessions.endByRefresh(body['refresh_token'])
      const message = `The supplied refresh_token ${isEnded ? 'has been invalidated' : 'is already invalid'}.`
      return [200, { code: 200, message }]
    }),
    default: () => [404, { code: 404, message: 'Not Found' }],
  })

  return {
    origin,
    credentials: { username: 'ada@example.com', password: 'Secret123' },
    user,
    privatePath: 'notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/api/notes`, token),
    isRefreshable: sessions.isOpen,
    expireAccess: sessions.expireAccess,
    alarms: sessions.alarms,
    openElsewhere: sessions.openElsewhere,
    expire: () => [sessions.issueExpired(), 'no.token.atall', 'garbage'],
    close,
  }
}

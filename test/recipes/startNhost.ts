import { isAnswered } from './isAnswered.ts'
import { makeSessions } from './makeSessions.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = {
  id: '54a1e8f1-1f5e-4ee1-9a3c-0a1d6c2f7b10',
  email: 'ada@example.com',
  displayName: 'Ada Lovelace',
  defaultRole: 'user',
  roles: ['user', 'me'],
  isAnonymous: false,
}
const fail = (status: number, error: string, message: string): RecordedAnswer => [
  status,
  { status, error, message },
]

/** Nhost Auth: its `signout` wants a refresh token, or `all` and an access token. */
export const startNhost = async (): Promise<RecipeServer> => {
  const sessions = makeSessions({ sub: user.id })
  const forUser =
    (answer: RecordedAnswer) =>
    ({ token }: RecordedRequest): RecordedAnswer =>
      sessions.check(token) ? fail(401, 'invalid-request', 'The request payload is incorrect') : answer

  const describe = ({ token, refreshToken }: { token: string; refreshToken: string }) => {
    return { accessToken: token, accessTokenExpiresIn: 900, refreshToken, user }
  }

  const { origin, close } = await openRecordedApi({
    'POST /v1/signin/email-password': ({ body: { email, password } }) => {
      if (email !== user.email || password !== 'Secret123')
        return fail(401, 'invalid-email-password', 'Incorrect email or password')
      return [200, { session: describe(sessions.open()), mfa: null }]
    },
    'POST /v1/token': ({ body: { refreshToken } }) => {
      const opened = sessions.refresh(refreshToken)
      if (!opened) return fail(401, 'invalid-refresh-token', 'Invalid or expired refresh token')
      return [200, describe(opened)]
    },
    'GET /v1/user': forUser([200, user]),
    'GET /v1/mfa/totp/generate': forUser([200, { imageUrl: 'data:,', totpSecret: 'SECRET' }]),
    'POST /v1/signout': ({ body: { refreshToken, all }, token }) => {
      if (all === true) {
        if (sessions.check(token)) return fail(401, 'invalid-request', 'The request payload is incorrect')
        sessions.endAll()
        return [200, 'OK']
      }
      if (!refreshToken) return fail(400, 'invalid-request', 'The request payload is incorrect')
      sessions.endByRefresh(refreshToken)
      return [200, 'OK']
    },
    default: () => fail(404, 'not-found', 'Not found'),
  })

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user: { id: user.id, email: user.email, displayName: user.displayName },
    privatePath: 'mfa/totp/generate',
    privateAnswer: { imageUrl: 'data:,', totpSecret: 'SECRET' },
    isAlive: (token) => isAnswered(`${origin}/v1/user`, token),
    isRefreshable: sessions.isOpen,
    expireAccess: sessions.expireAccess,
    alarms: sessions.alarms,
    openElsewhere: sessions.openElsewhere,
    expire: () => [sessions.issueExpired(), 'garbage'],
    close,
  }
}

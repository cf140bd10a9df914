import { isAnswered } from './isAnswered.ts'
import { makeSessions } from './makeSessions.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = { id: '54a1e8f1-1f5e-4ee1-9a3c-0a1d6c2f7b10', username: 'ada' }
const notes = [{ id: 1, text: 'a note of hers' }]
const realm = '/realms/REALM/protocol/openid-connect'

const fail = (status: number, error: string, description: string): RecordedAnswer => [
  status,
  { error, error_description: description },
]

/** Keycloak 26 with a public client and “Revoke Refresh Token”, and an API beside it that takes its access tokens. */
export const startKeycloak = async (): Promise<RecipeServer> => {
  const sessions = makeSessions({ sub: user.id, preferred_username: user.username, typ: 'Bearer' })

  const describe = ({ token, refreshToken }: { token: string; refreshToken: string }): RecordedAnswer => [
    200,
    {
      access_token: token,
      expires_in: 300,
      refresh_expires_in: 1800,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      session_state: 'f4b6',
      scope: 'openid profile',
    },
  ]
  const forClient =
    (answer: (body: RecordedRequest['body']) => RecordedAnswer) =>
    ({ body, token }: RecordedRequest): RecordedAnswer =>
      body['client_id'] === 'my-app' && token === ''
        ? answer(body)
        : fail(401, 'invalid_client', 'Invalid client or Invalid client credentials')

  const { origin, close } = await openRecordedApi({
    [`POST ${realm}/token`]: forClient((body) => {
      if (body['grant_type'] === 'refresh_token') {
        const opened = sessions.refresh(body['refresh_token'])
        return opened
          ? describe(opened)
          : fail(400, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded')
      }
      return body['grant_type'] === 'password' &&
        body['username'] === 'ada' &&
        body['password'] === 'Secret123'
        ? describe(sessions.open())
        : fail(401, 'invalid_grant', 'Invalid user credentials')
    }),
    [`POST ${realm}/logout`]: forClient((body) => {
      if (!body['refresh_token']) return fail(400, 'invalid_request', 'No refresh token')
      sessions.endByRefresh(body['refresh_token'])
      return [204]
    }),
    'GET /api/notes': ({ token }) =>
      sessions.check(token) ? [401, { message: 'Unauthorized' }] : [200, notes],
    default: () => fail(404, 'not_found', 'HTTP 404 Not Found'),
  })

  return {
    origin,
    credentials: { username: 'ada', password: 'Secret123' },
    user,
    privatePath: 'notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/api/notes`, token),
    isRefreshable: sessions.isOpen,
    expireAccess: sessions.expireAccess,
    alarms: sessions.alarms,
    openElsewhere: sessions.openElsewhere,
    expire: () => [sessions.issueExpired(), 'garbage'],
    close,
  }
}

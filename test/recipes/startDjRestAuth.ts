import { randomBytes } from 'node:crypto'
import { isAnswered } from './isAnswered.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = { pk: 1, username: 'ada', email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' }
const notes = [{ id: 1, text: 'a note of hers' }]

/** dj-rest-auth on Django REST framework's `TokenAuthentication`: one token for each user, under the scheme `Token`. */
export const startDjRestAuth = async (): Promise<RecipeServer> => {
  let key: string | undefined
  const challenge = { 'WWW-Authenticate': 'Token' }
  const refuse = (detail: string): RecordedAnswer => [401, { detail }, challenge]

  // Another scheme is no attempt to authenticate; a wrong token is refused, whatever the path allows.
  const authenticate = ({ scheme, token }: RecordedRequest): RecordedAnswer | boolean => {
    if (scheme.toLowerCase() !== 'token') return false
    return token === key || refuse('Invalid token.')
  }
  const forUser =
    (answer: unknown) =>
    (request: RecordedRequest): RecordedAnswer => {
      const is = authenticate(request)
      if (is === true) return [200, answer]
      return is || refuse('Authentication credentials were not provided.')
    }

  const { origin, close } = await openRecordedApi({
    'POST /dj-rest-auth/login/': ({ body: { username, password } }) => {
      if (username !== 'ada' || password !== 'Secret123')
        return [400, { non_field_errors: ['Unable to log in with provided credentials.'] }]
      key ??= randomBytes(20).toString('hex')
      return [200, { key }, { 'Set-Cookie': 'sessionid=a-session; HttpOnly; Path=/; SameSite=Lax' }]
    },
    'POST /dj-rest-auth/logout/': (request) => {
      const is = authenticate(request)
      if (typeof is === 'object') return is
      if (is) key = undefined
      return [200, { detail: 'Successfully logged out.' }]
    },
    'GET /dj-rest-auth/user/': forUser(user),
    'GET /notes/': forUser(notes),
    default: () => [404, { detail: 'Not found.' }],
  })

  return {
    origin,
    credentials: { username: 'ada', password: 'Secret123' },
    user: { pk: 1, username: 'ada', email: 'ada@example.com' },
    privatePath: 'notes/',
    privateAnswer: notes,
    isAlive: (token) =>
      isAnswered(`${origin}/dj-rest-auth/user/`, token, { headers: { Authorization: `Token ${token}` } }),
    expire: (token) => {
      key = undefined
      return [token]
    },
    close,
  }
}

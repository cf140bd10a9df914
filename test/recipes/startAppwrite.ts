import { randomBytes } from 'node:crypto'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = {
  $id: '665f1c2a0001',
  $createdAt: '2026-01-01T12:00:00.000+00:00',
  name: 'Ada',
  email: 'ada@example.com',
  emailVerification: true,
  prefs: {},
}
const rows = { total: 1, rows: [{ $id: '1', text: 'a note of hers' }] }

/** Appwrite on another site than the app: the session is in a header as well as in a cookie. */
export const startAppwrite = async (): Promise<RecipeServer> => {
  const alive = new Set<string>()
  const open = (): string => {
    const secret = randomBytes(16).toString('hex')
    const session = Buffer.from(JSON.stringify({ id: user.$id, secret })).toString('base64')
    const token = JSON.stringify({ a_session_PROJECT: session })
    alive.add(token)
    return token
  }
  const fail = (code: number, type: string, message: string): RecordedAnswer => [
    code,
    { message, code, type, version: '1.8.0' },
  ]
  const forUser =
    (answer: (token: string) => RecordedAnswer) =>
    ({ headers }: RecordedRequest): RecordedAnswer => {
      const token = String(headers['x-fallback-cookies'])
      if (headers['x-appwrite-project'] !== 'PROJECT')
        return fail(401, 'general_access_forbidden', 'Missing or unknown project ID')
      return alive.has(token)
        ? answer(token)
        : fail(401, 'general_unauthorized_scope', 'User (role: guests) missing scopes (["account"])')
    }

  const { origin, close } = await openRecordedApi({
    'POST /v1/account/sessions/email': ({ headers, body: { email, password } }) => {
      if (headers['x-appwrite-project'] !== 'PROJECT')
        return fail(401, 'general_access_forbidden', 'Missing or unknown project ID')
      if (email !== user.email || password !== 'Secret123')
        return fail(
          401,
          'user_invalid_credentials',
          'Invalid credentials. Please check the email and password.',
        )
      const session = { $id: '1', userId: user.$id, provider: 'email', current: true, secret: '' }
      const cookie = 'a_session_PROJECT=a-session; path=/; httponly'
      return [201, session, { 'X-Fallback-Cookies': open(), 'Set-Cookie': cookie }]
    },
    'GET /v1/account': forUser(() => [200, user]),
    'GET /v1/tablesdb/main/tables/notes/rows': forUser(() => [200, rows]),
    'DELETE /v1/account/sessions/current': forUser((token) => {
      alive.delete(token)
      return [204]
    }),
    'DELETE /v1/account/sessions': forUser(() => {
      alive.clear()
      return [204]
    }),
    default: () => fail(404, 'general_route_not_found', 'The requested route was not found.'),
  })

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user,
    privatePath: 'tablesdb/main/tables/notes/rows',
    privateAnswer: rows,
    isAlive: async (token) => {
      const headers = { 'X-Appwrite-Project': 'PROJECT', 'X-Fallback-Cookies': token }
      return (await fetch(`${origin}/v1/account`, { headers })).ok
    },
    openElsewhere: () => {
      const token = open()
      return () => alive.has(token)
    },
    expire: (token) => {
      alive.delete(token)
      return [token, 'garbage']
    },
    close,
  }
}

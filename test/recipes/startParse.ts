import { randomBytes } from 'node:crypto'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = {
  objectId: 'g7y9tkhB7O',
  username: 'ada',
  email: 'ada@example.com',
  createdAt: '2026-01-01T12:00:00.000Z',
  updatedAt: '2026-01-01T12:00:00.000Z',
}
const notes = { results: [{ objectId: '1', text: 'a note of hers' }] }

/** Parse Server 9: every fault but three is a 400, and the user is never without the token. */
export const startParse = async (): Promise<RecipeServer> => {
  const alive = new Set<string>()
  const open = (): string => {
    const token = `r:${randomBytes(16).toString('hex')}`
    alive.add(token)
    return token
  }
  const fail = (status: number, code: number, error: string): RecordedAnswer => [status, { code, error }]
  const forApp =
    (answer: (token: string, request: RecordedRequest) => RecordedAnswer) =>
    (request: RecordedRequest): RecordedAnswer =>
      request.headers['x-parse-application-id'] === 'APP_ID'
        ? answer(String(request.headers['x-parse-session-token']), request)
        : [403, { error: 'unauthorized' }]
  const forUser = (answer: (token: string) => RecordedAnswer) =>
    forApp((token) => (alive.has(token) ? answer(token) : fail(400, 209, 'Invalid session token')))

  const { origin, close } = await openRecordedApi({
    'POST /parse/login': forApp((_token, { body: { username, password } }) =>
      username === 'ada' && password === 'Secret123'
        ? [200, { ...user, sessionToken: open() }]
        : fail(404, 101, 'Invalid username/password.'),
    ),
    'GET /parse/users/me': forUser((sessionToken) => [200, { ...user, sessionToken }]),
    'GET /parse/classes/Note': forUser(() => [200, notes]),
    'GET /parse/classes/Secret': forUser(() => fail(400, 119, 'Permission denied')),
    'POST /parse/logout': forUser((token) => {
      alive.delete(token)
      return [200, {}]
    }),
    default: () => fail(404, 101, 'Object not found.'),
  })

  return {
    origin,
    credentials: { username: 'ada', password: 'Secret123' },
    user: { objectId: user.objectId, username: 'ada' },
    privatePath: 'classes/Note',
    privateAnswer: notes,
    forbiddenPath: 'classes/Secret',
    isAlive: async (token) => {
      const headers = { 'X-Parse-Application-Id': 'APP_ID', 'X-Parse-Session-Token': token }
      return (await fetch(`${origin}/parse/users/me`, { headers })).ok
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

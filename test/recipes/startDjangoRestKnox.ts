import { randomBytes } from 'node:crypto'
import { isAnswered } from './isAnswered.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = { id: 1, username: 'ada', email: 'ada@example.com' }
const notes = [{ id: 1, text: 'a note of hers' }]
const password = 'Sécret – 123'

/** Knox 5 on Django REST framework, with the views of the recipe: a token for each login, which takes Basic alone. */
export const startDjangoRestKnox = async (): Promise<RecipeServer> => {
  const alive = new Set<string>()
  const refuse = (detail: string, scheme: string): RecordedAnswer => [
    401,
    { detail },
    { 'WWW-Authenticate': scheme },
  ]
  const forUser =
    (answer: (token: string) => RecordedAnswer) =>
    ({ scheme, token }: RecordedRequest): RecordedAnswer => {
      if (scheme !== 'Token') return refuse('Authentication credentials were not provided.', 'Token')
      return alive.has(token) ? answer(token) : refuse('Invalid token.', 'Token')
    }
  const open = (): string => {
    const token = randomBytes(32).toString('hex')
    alive.add(token)
    return token
  }

  const { origin, close } = await openRecordedApi({
    'POST /login/': ({ scheme, token }) =>
      scheme === 'Basic' && Buffer.from(token, 'base64').toString() === `ada:${password}`
        ? [200, { expiry: '2026-12-01T10:00:00.000000Z', token: open() }]
        : refuse('Invalid username/password.', 'Basic realm="api"'),
    'GET /me/': forUser(() => [200, user]),
    'GET /notes/': forUser(() => [200, notes]),
    'POST /logout/': forUser((token) => {
      alive.delete(token)
      return [204]
    }),
    'POST /logoutall/': forUser(() => {
      alive.clear()
      return [204]
    }),
    default: () => [404, { detail: 'Not found.' }],
  })

  return {
    origin,
    credentials: { username: 'ada', password },
    user,
    privatePath: 'notes/',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/me/`, token, { headers: { Authorization: `Token ${token}` } }),
    openElsewhere: () => {
      const token = open()
      return () => alive.has(token)
    },
    expire: (token) => {
      alive.delete(token)
      return [token]
    },
    close,
  }
}

import { isAnswered } from './isAnswered.ts'
import { makeTokens } from './makeTokens.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = { username: 'ada@example.com', roles: ['ROLE_USER'] }
const notes = [{ id: 1, text: 'a note of hers' }]

/** Symfony with LexikJWTAuthenticationBundle 3, its block list, and the controller of the recipe. */
export const startLexikJwt = async (): Promise<RecipeServer> => {
  const tokens = makeTokens(user)
  const blocked = new Set<string>()
  const refuse = (message: string): RecordedAnswer => [
    401,
    { code: 401, message },
    { 'WWW-Authenticate': 'Bearer' },
  ]
  const forUser =
    (answer: (token: string) => RecordedAnswer) =>
    ({ token }: RecordedRequest): RecordedAnswer => {
      const fault = tokens.check(token)
      if (fault === 'expired') return refuse('Expired JWT Token')
      return fault || blocked.has(token) ? refuse('Invalid JWT Token') : answer(token)
    }

  const { origin, close } = await openRecordedApi({
    'POST /api/login_check': ({ body: { username, password } }) =>
      username === user.username && password === 'Secret123'
        ? [200, { token: tokens.issue(3600) }]
        : refuse('Invalid credentials.'),
    'GET /api/notes': forUser(() => [200, notes]),
    'POST /api/logout': forUser((token) => {
      blocked.add(token)
      return [204]
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
    expire: () => [tokens.issue(-1), 'no.token.atall', 'garbage'],
    close,
  }
}

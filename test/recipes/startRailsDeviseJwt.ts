import { isAnswered } from './isAnswered.ts'
import { makeTokens } from './makeTokens.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = {
  id: 1,
  email: 'ada@example.com',
  created_at: '2026-01-01T12:00:00.000Z',
  updated_at: '2026-01-01T12:00:00.000Z',
}
const notes = [{ id: 1, text: 'a note of hers' }]

/** Rails with devise-jwt and a denylist: the token is in a header of the answer. */
export const startRailsDeviseJwt = async (): Promise<RecipeServer> => {
  const tokens = makeTokens({ sub: '1', scp: 'user', aud: null })
  const denied = new Set<string>()
  const refuse = (error: string): RecordedAnswer => [401, { error }, { 'WWW-Authenticate': 'Bearer' }]
  const forUser =
    (answer: (token: string) => RecordedAnswer) =>
    ({ token }: RecordedRequest): RecordedAnswer => {
      const fault = tokens.check(token)
      if (fault === 'expired') return refuse('Signature has expired')
      if (fault) return refuse('Signature verification failed')
      return denied.has(token) ? refuse('revoked token') : answer(token)
    }

  const { origin, close } = await openRecordedApi({
    'POST /users/sign_in': ({ body }) => {
      const { email, password } = Object(body['user']) as { email?: string; password?: string }
      if (email !== user.email || password !== 'Secret123') return refuse('Invalid Email or password.')
      return [200, user, { Authorization: `Bearer ${tokens.issue(3600)}` }]
    },
    'GET /me': forUser(() => [200, user]),
    'GET /notes': forUser(() => [200, notes]),
    'DELETE /users/sign_out': ({ token }) => {
      denied.add(token)
      return [204]
    },
    default: () => [404, { status: 404, error: 'Not Found' }],
  })

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user: { id: 1, email: 'ada@example.com' },
    privatePath: 'notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/me`, token),
    openElsewhere: () => {
      const token = tokens.issue(3600)
      return () => !denied.has(token)
    },
    expire: (token) => {
      denied.add(token)
      return [token, tokens.issue(-1), 'garbage']
    },
    close,
  }
}

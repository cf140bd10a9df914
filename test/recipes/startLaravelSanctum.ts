import { randomBytes } from 'node:crypto'
import { isAnswered } from './isAnswered.ts'
import { openRecordedApi, type RecordedAnswer, type RecordedRequest } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const user = {
  id: 1,
  name: 'Ada',
  email: 'ada@example.com',
  email_verified_at: null,
  created_at: '2026-01-01T12:00:00.000000Z',
  updated_at: '2026-01-01T12:00:00.000000Z',
}

const notes = [{ id: 1, text: 'a note of hers' }]

/** Laravel 12 with Sanctum and the routes of the recipe. Who does not ask for JSON is sent to a login page. */
export const startLaravelSanctum = async (): Promise<RecipeServer> => {
  const alive = new Set<string>()
  const forUser =
    (answer: (token: string) => RecordedAnswer) =>
    ({ token, headers }: RecordedRequest): RecordedAnswer => {
      if (alive.has(token)) return answer(token)
      return headers.accept?.includes('json')
        ? [401, { message: 'Unauthenticated.' }]
        : [302, undefined, { Location: '/login' }]
    }

  const { origin, close } = await openRecordedApi({
    'POST /api/login': ({ body: { email, password, device_name: device } }) => {
      if (!device || email !== user.email || password !== 'Secret123') {
        const message = 'These credentials do not match our records.'
        return [422, { message, errors: { email: [message] } }]
      }
      const token = `${alive.size + 1}|${randomBytes(24).toString('base64url')}`
      alive.add(token)
      return [200, { token, user }]
    },
    'GET /api/user': forUser(() => [200, user]),
    'GET /api/notes': forUser(() => [200, notes]),
    'POST /api/logout': forUser((token) => {
      alive.delete(token)
      return [204]
    }),
    default: () => [404, { message: 'The route could not be found.' }],
  })

  return {
    origin,
    credentials: { email: 'ada@example.com', password: 'Secret123' },
    user: { id: 1, name: 'Ada', email: 'ada@example.com' },
    privatePath: 'notes',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/api/user`, token),
    openElsewhere: () => {
      const token = `${alive.size + 1}|elsewhere`
      alive.add(token)
      return () => alive.has(token)
    },
    expire: (token) => {
      alive.delete(token)
      return [token]
    },
    close,
  }
}

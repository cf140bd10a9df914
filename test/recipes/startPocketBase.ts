import { isAnswered } from './isAnswered.ts'
import { makeTokens } from './makeTokens.ts'
import { openRecordedApi, type RecordedAnswer } from './openRecordedApi.ts'
import type { RecipeServer } from './RecipeServer.ts'

const fail = (status: number, message: string): RecordedAnswer => [status, { status, message, data: {} }]

const record = {
  collectionId: '_pb_users_auth_',
  collectionName: 'users',
  id: 'test00000000001',
  email: 'ada@example.com',
  emailVisibility: false,
  verified: true,
  name: 'Ada',
  avatar: '',
  created: '2026-01-01 12:00:00.000Z',
  updated: '2026-01-01 12:00:00.000Z',
}

const page = (items: object[]) => ({ page: 1, perPage: 30, totalPages: 1, totalItems: items.length, items })
const notes = page([{ id: 'note00000000001', text: 'a note of hers' }])

/** PocketBase 0.23 and newer: a token that is not valid makes a guest of who sends it, not an error. */
export const startPocketBase = async (): Promise<RecipeServer> => {
  const tokens = makeTokens({ id: record.id, type: 'auth', collectionId: record.collectionId })
  const week = 7 * 24 * 3600

  const { origin, close } = await openRecordedApi({
    'POST /api/collections/users/auth-with-password': ({ body: { identity, password } }) =>
      identity === record.email && password === 'Secret123'
        ? [200, { token: tokens.issue(week), record }]
        : fail(400, 'Failed to authenticate.'),
    'POST /api/collections/users/auth-refresh': ({ token }) =>
      tokens.check(token)
        ? fail(401, 'The request requires valid record authorization token.')
        : [200, { token: tokens.issue(week), record }],
    'GET /api/collections/notes/records': ({ token }) => [200, tokens.check(token) ? page([]) : notes],
    default: () => fail(404, "The requested resource wasn't found."),
  })

  return {
    origin,
    credentials: { identity: 'ada@example.com', password: 'Secret123' },
    user: { id: record.id, email: 'ada@example.com', name: 'Ada' },
    privatePath: 'collections/notes/records',
    privateAnswer: notes,
    isAlive: (token) => isAnswered(`${origin}/api/collections/users/auth-refresh`, token, { method: 'POST' }),
    expire: () => [tokens.issue(-1)],
    close,
  }
}

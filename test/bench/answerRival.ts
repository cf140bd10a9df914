import type { IncomingMessage, ServerResponse } from 'node:http'

const user = { id: '1', name: 'Ada Lovelace', email: 'ada@example.com' }
const cookie = 'session=1'
const expires = '2099-01-01T00:00:00.000Z'

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const now = '2026-01-01T00:00:00.000Z'

const supabaseUser = {
  id: user.id,
  aud: 'authenticated',
  email: user.email,
  user_metadata: { name: user.name },
  app_metadata: {},
  created_at: now,
}

/** What the clients of the other libraries ask of their servers, as far as this page needs it. */
const answers: Record<string, (isSignedIn: boolean) => unknown> = {
  // better-auth
  'better-auth/sign-in/email': () => ({ redirect: false, token: 'token-1', user }),
  'better-auth/get-session': (isSignedIn) =>
    isSignedIn
      ? {
          session: {
            id: '1',
            userId: '1',
            token: 'token-1',
            expiresAt: expires,
            createdAt: now,
            updatedAt: now,
          },
          user: { ...user, emailVerified: true, createdAt: now, updatedAt: now },
        }
      : null,
  'better-auth/sign-out': () => ({ success: true }),
  // Supabase
  'supabase/token': () => ({
    access_token: `${encode({ alg: 'HS256' })}.${encode({ sub: '1', exp: 4_070_908_800 })}.c2ln`,
    token_type: 'bearer',
    expires_in: 3600,
    refresh_token: 'token-2',
    user: supabaseUser,
  }),
  'supabase/user': () => supabaseUser,
  'supabase/logout': () => ({}),
  // next-auth
  'auth/providers': () => ({ credentials: { id: 'credentials', name: 'Credentials', type: 'credentials' } }),
  'auth/csrf': () => ({ csrfToken: 'csrf' }),
  'auth/callback/credentials': () => ({ url: 'http://localhost/' }),
  'auth/signout': () => ({ url: 'http://localhost/' }),
  'auth/session': (isSignedIn) => (isSignedIn ? { user, expires } : {}),
}

const signsIn = /sign-in|callback/
const signsOut = /sign-?out/

/** Answers a request that is another library's own; says whether it was. */
export const answerRival = (
  { headers }: IncomingMessage,
  response: ServerResponse,
  path: string,
  send: (body: unknown) => void,
): boolean => {
  const answer = answers[path.slice('/api/'.length)]
  if (!answer) return false
  if (signsIn.test(path)) response.setHeader('Set-Cookie', `${cookie}; Path=/; HttpOnly`)
  if (signsOut.test(path)) response.setHeader('Set-Cookie', 'session=; Path=/; Max-Age=0')
  send(answer(headers.cookie?.includes(cookie) ?? false))
  return true
}

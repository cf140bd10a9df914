import type { Pair } from './createFamily.ts'

/** A request, read. */
export interface Asked {
  /** With its query string. */
  url: URL
  body: Record<string, string>
  /** The refresh token that the browser keeps in a cookie. */
  cookie: string | undefined
}

/** How one of the APIs hands out tokens. */
export interface Dialect {
  /** The refresh token that it is sent; `undefined`: this is a login. */
  readRefreshToken: (asked: Asked) => string | undefined
  answer: (pair: Pair) => object
  /** Status and body for a refresh token that does not work. */
  refusal: [number, object]
}

const expiresIn = 3600

const user = { id: '1', email: 'ada@example.com' }

const json = {
  answer: (pair) => ({ user, ...pair, expiresIn }),
  refusal: [401, { message: 'Invalid refresh token' }],
} satisfies Partial<Dialect>

const directus = {
  answer: ({ token, refreshToken }) => ({
    data: { access_token: token, refresh_token: refreshToken, expires: expiresIn * 1000 },
  }),
  refusal: [401, { errors: [{ message: 'Invalid token', extensions: { code: 'INVALID_CREDENTIALS' } }] }],
} satisfies Partial<Dialect>

const oauth = ({ token, refreshToken }: Pair) => ({
  access_token: token,
  refresh_token: refreshToken,
  token_type: 'bearer',
  expires_in: expiresIn,
})

const now = '2026-01-01T00:00:00.000Z'

const supabaseUser = { ...user, aud: 'authenticated', user_metadata: {}, app_metadata: {}, created_at: now }

/** By path. */
export const dialects: Record<string, Dialect> = {
  '/api/auth/login': { ...json, readRefreshToken: () => undefined },
  '/api/auth/refresh': {
    ...json,
    readRefreshToken: ({ body, cookie }) => body['refreshToken'] ?? cookie ?? '',
  },
  '/api/directus/auth/login': { ...directus, readRefreshToken: () => undefined },
  '/api/directus/auth/refresh': { ...directus, readRefreshToken: ({ body }) => body['refresh_token'] ?? '' },
  '/api/oauth/token': {
    readRefreshToken: ({ body }) => body['refresh_token'],
    answer: oauth,
    refusal: [400, { error: 'invalid_grant' }],
  },
  '/api/supabase/token': {
    readRefreshToken: ({ body }) => body['refresh_token'],
    answer: (pair) => ({ ...oauth(pair), user: supabaseUser }),
    refusal: [400, { code: 'refresh_token_already_used', message: 'Invalid Refresh Token: Already Used' }],
  },
}

/** What is answered to a living token. */
export const privateAnswers: Record<string, unknown> = {
  '/api/notes': ['private note'],
  '/api/auth/user': user,
  '/api/directus/items/notes': { data: [{ id: 1, text: 'private note' }] },
  '/api/supabase/user': supabaseUser,
}

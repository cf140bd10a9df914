import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { announcementRoutes } from './announcementRoutes.ts'
import { answerError } from './answerError.ts'
import { authenticate } from './authenticate.ts'
import { authRoutes } from './authRoutes.ts'
import { createAuth } from './createAuth.ts'
import { createTokens } from './createTokens.ts'
import { noteRoutes } from './noteRoutes.ts'
import { openDatabase } from './openDatabase.ts'
import type { RateLimit } from './rateLimit.ts'
import { readSecret } from './readSecret.ts'
import { seed } from './seed.ts'
import { sessionRoutes } from './sessionRoutes.ts'

export interface CreateApiOptions {
  /** A shared libSQL server (`libsql:`, `https:`, `http:`, `ws:`, `wss:`). Default: a file in `dataDirectory`. */
  databaseUrl?: string | undefined
  /** The token which that server asks for, if any. */
  databaseAuthToken?: string | undefined
  /** Where the database file and the secret are kept; made when missing. Default: `example/data`. */
  dataDirectory?: string | undefined
  /** At least 32 random characters. Default: made on the first start and kept in `dataDirectory`. */
  secret?: string | undefined
  /** For login and for register, each counted on its own. Default: 100 a minute from one address. */
  rateLimit?: RateLimit | undefined
  /** Seconds for which an access token lives. Default: 60, so that anyone can watch a refresh. */
  tokenSeconds?: number | undefined
}

export interface Api {
  app: Hono
  /** Closes the database. Stop the server first: later requests are answered with 500. */
  close(): void
}

/**
 * Opens the database, brings it up to date, seeds an empty one, and builds the API on it.
 *
 * @throws RangeError if `tokenSeconds` is not a number above 0.
 */
export async function createApi({
  databaseUrl,
  databaseAuthToken,
  dataDirectory = fileURLToPath(new URL('../data', import.meta.url)),
  secret,
  rateLimit = { requests: 100, seconds: 60 },
  tokenSeconds = 60,
}: CreateApiOptions = {}): Promise<Api> {
  if (!(tokenSeconds > 0)) throw new RangeError('tokenSeconds must be a number above 0.')
  const database = await openDatabase({ databaseUrl, databaseAuthToken, dataDirectory })
  try {
    const auth = await createAuth(database, secret ?? (await readSecret(dataDirectory)))
    await seed(database, auth)
    const tokens = createTokens(database, tokenSeconds)
    const guard = authenticate(auth, tokens)

    const app = new Hono().basePath('/api')
    app.onError(answerError)
    app.notFound(() => {
      throw new HTTPException(404, { message: 'There is nothing here.' })
    })
    app.use(async (context, next) => {
      context.header('Cache-Control', 'no-store')
      await next()
    })
    app.route('/auth', authRoutes({ auth, tokens, guard, limit: rateLimit }))
    app.route('/sessions', sessionRoutes(auth))
    app.route('/notes', noteRoutes(guard, database))
    app.route('/announcements', announcementRoutes(database))
    return { app, close: () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}

import { createHash, randomBytes } from 'node:crypto'
import type { Client } from '@libsql/client'

/** What a client is given of its session. */
export interface TokenPair {
  /** Goes with every request. */
  token: string
  /** Good for one refresh. */
  refreshToken: string
  /** Seconds for which `token` lives. */
  expiresIn: number
}

export interface Tokens {
  /** Makes the first tokens of a session, which better-auth knows by a token of its own. */
  issue(sessionToken: string): Promise<TokenPair>
  /** Gives new tokens for a refresh token. `null` where that is dead, or was used before and thereby ends its session. */
  rotate(refreshToken: string): Promise<TokenPair | null>
  /** Finds better-auth's own token for the session of a live access token. */
  findSession(token: string): Promise<string | null>
}

/** An answer that got lost is asked for again, and two tabs without a common lock ask at once: neither is a theft. */
const graceMilliseconds = 10_000

/** Short-lived tokens beside the sessions: the database has their digests alone, and all of them end with the session. */
export function createTokens(database: Client, seconds: number): Tokens {
  const makePair = (): TokenPair => ({ token: makeToken(), refreshToken: makeToken(), expiresIn: seconds })

  return {
    async issue(sessionToken) {
      const pair = makePair()
      const now = Date.now()
      const [, , issued] = await database.batch(
        [
          { sql: 'DELETE FROM accessToken WHERE expiresAt <= ?', args: [now] },
          'DELETE FROM refreshToken WHERE sessionId NOT IN (SELECT id FROM session)',
          {
            sql: 'INSERT INTO accessToken SELECT ?, id, ? FROM session WHERE token = ?',
            args: [digest(pair.token), now + seconds * 1000, sessionToken],
          },
          {
            sql: 'INSERT INTO refreshToken SELECT ?, id, NULL FROM session WHERE token = ?',
            args: [digest(pair.refreshToken), sessionToken],
          },
        ],
        'write',
      )
      if (issued?.rowsAffected !== 1) throw new Error('There is no session to issue tokens for.')
      return pair
    },

    async rotate(refreshToken) {
      const pair = makePair()
      const now = Date.now()
      const used = digest(refreshToken)
      const liveSession = `
        FROM refreshToken JOIN session ON session.id = sessionId
        WHERE digest = ? AND session.expiresAt > ?`
      const args = [used, new Date(now).toISOString()]
      // In one transaction: of two requests at the same moment, the second one finds the token used.
      const [, , issued] = await database.batch(
        [
          {
            sql: `DELETE FROM session
                  WHERE id = (SELECT sessionId FROM refreshToken WHERE digest = ? AND usedAt <= ?)`,
            args: [used, now - graceMilliseconds],
          },
          {
            sql: 'UPDATE refreshToken SET usedAt = ? WHERE digest = ? AND usedAt IS NULL',
            args: [now, used],
          },
          {
            sql: `INSERT INTO accessToken SELECT ?, sessionId, ? ${liveSession}`,
            args: [digest(pair.token), now + seconds * 1000, ...args],
          },
          {
            sql: `INSERT INTO refreshToken SELECT ?, sessionId, NULL ${liveSession}`,
            args: [digest(pair.refreshToken), ...args],
          },
        ],
        'write',
      )
      return issued?.rowsAffected === 1 ? pair : null
    },

    async findSession(token) {
      const { rows } = await database.execute({
        sql: `SELECT session.token FROM accessToken JOIN session ON session.id = sessionId
              WHERE digest = ? AND accessToken.expiresAt > ?`,
        args: [digest(token), Date.now()],
      })
      const found = rows[0]?.['token']
      return typeof found === 'string' ? found : null
    },
  }
}

function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

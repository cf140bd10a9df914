import type { Client } from '@libsql/client'
import { LibsqlDialect, type libsql } from '@libsql/kysely-libsql'
import { betterAuth, type BetterAuthOptions } from 'better-auth'
import { bearer } from 'better-auth/plugins'
import { migrate } from './migrate.ts'

export type Auth = Awaited<ReturnType<typeof createAuth>>

/** Makes the tables that are missing, then the better-auth instance whose `auth.api` the routes call. */
export async function createAuth(database: Client, secret: string) {
  const options = {
    secret,
    // Nothing is served from here, no link is built: better-auth only wants to know that it is settled.
    baseURL: 'http://localhost',
    // The dialect's types are of an older client, whose sync() returned nothing; it never calls that.
    database: { dialect: new LibsqlDialect({ client: database as libsql.Client }), type: 'sqlite' },
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    user: {
      fields: { name: 'firstName' },
      additionalFields: { lastName: { type: 'string', required: false, defaultValue: '' } },
    },
    session: {
      // Each request asks the database, so that a token is dead from the moment of its logout.
      cookieCache: { enabled: false },
      // Listing one's own sessions is no reason to log in again.
      freshAge: 0,
    },
    plugins: [bearer()],
    telemetry: { enabled: false },
    // It would write down the e-mail address of each failed attempt; the API logs its own failures.
    logger: { disabled: true },
    advanced: { ipAddress: { disableIpTracking: true } },
  } satisfies BetterAuthOptions
  await migrate(database, options)
  return betterAuth(options)
}

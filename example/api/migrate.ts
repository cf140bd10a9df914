import type { Client } from '@libsql/client'
import type { BetterAuthOptions } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'

const ownTables = `
  CREATE TABLE IF NOT EXISTS note (
    id TEXT PRIMARY KEY NOT NULL,
    userId TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    createdAt TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS note_by_user ON note (userId, createdAt);
  CREATE TABLE IF NOT EXISTS announcement (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    publishedAt TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS accessToken (
    digest TEXT PRIMARY KEY NOT NULL,
    sessionId TEXT NOT NULL,
    expiresAt INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS refreshToken (
    digest TEXT PRIMARY KEY NOT NULL,
    sessionId TEXT NOT NULL,
    usedAt INTEGER
  );
`

const attempts = 3

/** Makes the tables and columns that are missing, all or none of them. */
export async function migrate(database: Client, options: BetterAuthOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { compileMigrations } = await getMigrations(options)
    try {
      await database.executeMultiple(`BEGIN IMMEDIATE; ${await compileMigrations()} ${ownTables} COMMIT;`)
      return
    } catch (error) {
      // Another start may have made the same tables since they were compared: compare again.
      if (attempt === attempts) throw error
    }
  }
}

import { randomUUID } from 'node:crypto'
import type { Client, InStatement } from '@libsql/client'
import { demoUser } from '../demoUser.ts'
import type { Auth } from './createAuth.ts'

const notes = [
  'Anyone who signs in with the demo account reads this, and anyone may delete it.',
  'Private notes belong to one user. After logout none may be left on the screen.',
  'Watch the inspector while you log out: every number goes to zero.',
]

const announcements = [
  { title: 'Welcome', text: 'This text is public: it stays when you log out, and it is not fetched again.' },
  { title: 'Two tabs', text: 'Open this page twice, sign in, and log out in one of them.' },
]

/** Fills a new database: the demo user with three notes, and the announcements. Does nothing later on. */
export async function seed(database: Client, auth: Auth): Promise<void> {
  if (await isSeeded(database)) return
  const { password } = await auth.$context
  const passwordHash = await password.hash(demoUser.password)
  try {
    // All or nothing, which is why this is not a registration: that would also leave a live session behind.
    await database.batch(seedStatements(passwordHash), 'write')
  } catch (error) {
    // Another start may have been faster; then the demo user's e-mail address is taken.
    if (!(await isSeeded(database))) throw error
  }
}

async function isSeeded(database: Client): Promise<boolean> {
  const { rows } = await database.execute({
    sql: 'SELECT id FROM user WHERE email = ?',
    args: [demoUser.email],
  })
  return rows.length > 0
}

function seedStatements(passwordHash: string): InStatement[] {
  const userId = randomUUID()
  const now = Date.now()
  const minutesAgo = (minutes: number): string => new Date(now - minutes * 60_000).toISOString()
  return [
    {
      sql: `INSERT INTO user (id, firstName, lastName, email, emailVerified, createdAt, updatedAt)
            VALUES (?, ?, ?, ?, 0, ?, ?)`,
      args: [userId, demoUser.firstName, demoUser.lastName, demoUser.email, minutesAgo(0), minutesAgo(0)],
    },
    {
      sql: `INSERT INTO account (id, userId, providerId, accountId, password, createdAt, updatedAt)
            VALUES (?, ?, 'credential', ?, ?, ?, ?)`,
      args: [randomUUID(), userId, userId, passwordHash, minutesAgo(0), minutesAgo(0)],
    },
    ...notes.map((text, index) => ({
      sql: 'INSERT INTO note (id, userId, text, createdAt) VALUES (?, ?, ?, ?)',
      args: [randomUUID(), userId, text, minutesAgo(notes.length - index)],
    })),
    ...announcements.map(({ title, text }, index) => ({
      sql: 'INSERT INTO announcement (id, title, text, publishedAt) VALUES (?, ?, ?, ?)',
      args: [randomUUID(), title, text, minutesAgo(announcements.length - index)],
    })),
  ]
}

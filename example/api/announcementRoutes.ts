import type { Client } from '@libsql/client'
import { Hono } from 'hono'
import { methodNotAllowed } from './methodNotAllowed.ts'

export interface Announcement {
  id: string
  title: string
  text: string
  publishedAt: string
}

/** What everyone may read. */
export function announcementRoutes(database: Client): Hono {
  const routes = new Hono()

  routes.get('/', async (context) => {
    const { rows } = await database.execute(
      'SELECT id, title, text, publishedAt FROM announcement ORDER BY publishedAt DESC, rowid DESC',
    )
    return context.json(rows)
  })
  routes.all('/', methodNotAllowed('GET'))

  return routes
}

import { randomUUID } from 'node:crypto'
import type { Client } from '@libsql/client'
import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { AuthenticatedVariables } from './authenticate.ts'
import { methodNotAllowed } from './methodNotAllowed.ts'
import { readBody } from './readBody.ts'
import { textField } from './textField.ts'

/** A note as the API sends it: what the table holds, save its owner. */
export interface Note {
  id: string
  text: string
  createdAt: string
}

const newNote = z.object({ text: textField('Text', 500).min(1, 'Text is missing.') })

/** A user's own notes. Those of others do not exist. */
export function noteRoutes(
  guard: MiddlewareHandler<AuthenticatedVariables>,
  database: Client,
): Hono<AuthenticatedVariables> {
  const routes = new Hono<AuthenticatedVariables>()

  routes.get('/', guard, async (context) => {
    const { rows } = await database.execute({
      sql: 'SELECT id, text, createdAt FROM note WHERE userId = ? ORDER BY createdAt DESC, rowid DESC',
      args: [context.var.user.id],
    })
    return context.json(rows)
  })

  routes.post('/', guard, async (context) => {
    const { text } = await readBody(context, newNote)
    const { rows } = await database.execute({
      sql: 'INSERT INTO note (id, userId, text, createdAt) VALUES (?, ?, ?, ?) RETURNING id, text, createdAt',
      args: [randomUUID(), context.var.user.id, text, new Date().toISOString()],
    })
    return context.json(rows[0], 201)
  })
  routes.all('/', methodNotAllowed('GET, POST'))

  routes.delete('/:id', guard, async (context) => {
    const { rowsAffected } = await database.execute({
      sql: 'DELETE FROM note WHERE id = ? AND userId = ?',
      args: [context.req.param('id'), context.var.user.id],
    })
    if (rowsAffected === 0) throw new HTTPException(404, { message: 'There is no such note.' })
    return context.body(null, 204)
  })
  routes.all('/:id', methodNotAllowed('DELETE'))

  return routes
}

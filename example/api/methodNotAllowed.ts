import type { Handler } from 'hono'
import { HTTPException } from 'hono/http-exception'

/** Answers 405 to the methods that a path does not have; `allow` lists those it has. */
export function methodNotAllowed(allow: string): Handler {
  return (context) => {
    context.header('Allow', allow)
    throw new HTTPException(405, { message: `Only ${allow} is possible here.` })
  }
}

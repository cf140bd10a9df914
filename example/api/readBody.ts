import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'

const maximumSize = 64 * 1024

/**
 * Reads a JSON body of the given shape. Throws 413 when it is larger than 64 KiB, 400 when it is not JSON,
 * 422 when a field is missing or wrong.
 */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const result = schema.safeParse(parse(await readText(context)))
  if (!result.success) {
    throw new HTTPException(422, { message: result.error.issues[0]?.message ?? 'The body is not valid.' })
  }
  return result.data
}

// Not Hono's bodyLimit: it copies the request, which fails on the Node adapter's own Request.
async function readText({ req }: Context): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of req.raw.body ?? []) {
    size += chunk.length
    if (size > maximumSize) throw new HTTPException(413, { message: 'The body is too large.' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the body, and with it a password.
    throw new HTTPException(400, { message: 'The body is not JSON.' })
  }
}

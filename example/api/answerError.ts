import { isAPIError } from 'better-auth/api'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

interface Failure {
  status: ContentfulStatusCode
  message: string
}

/** Turns whatever a route throws into `{ message }`. What is not the client's fault is logged, not told. */
export function answerError(error: Error, context: Context): Response {
  const failure = describe(error)
  if (failure === null) {
    // The stacks alone: an error's other fields may hold the request, and with it a token.
    console.error(error.stack, error.cause instanceof Error ? error.cause.stack : '')
    return context.json({ message: 'Something went wrong on the server.' }, 500)
  }
  if (failure.status === 401) context.header('WWW-Authenticate', 'Bearer error="invalid_token"')
  return context.json({ message: failure.message }, failure.status)
}

function describe(error: Error): Failure | null {
  if (error instanceof HTTPException) return { status: error.status, message: error.message }
  if (isAPIError(error) && error.statusCode < 500) {
    return { status: error.statusCode as ContentfulStatusCode, message: error.body?.message ?? error.message }
  }
  return null
}

import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'

export interface RateLimit {
  /** How many requests one address may send in one window. */
  requests: number
  /** How long a window lasts. It starts with the address's first request. */
  seconds: number
}

interface Window {
  requests: number
  endsAt: number
}

/**
 * Answers 429 to an address that asks too often. better-auth has such a limit too, but only where it serves
 * HTTP itself. Does not survive a restart, and several servers count each on its own.
 */
export function rateLimit({ requests, seconds }: RateLimit): MiddlewareHandler {
  const windows = new Map<string, Window>()

  return createMiddleware(async (context, next) => {
    const now = Date.now()
    // In the order in which they end, because all last equally long.
    for (const [address, { endsAt }] of windows) {
      if (endsAt > now) break
      windows.delete(address)
    }

    // Not X-Forwarded-For, which whoever sends the request may fill in as they like.
    const bindings: Partial<HttpBindings> | undefined = context.env
    const address = bindings?.incoming?.socket.remoteAddress ?? ''
    const window = windows.get(address) ?? { requests: 0, endsAt: now + seconds * 1000 }
    windows.set(address, window)
    window.requests += 1
    if (window.requests > requests) {
      context.header('Retry-After', String(Math.ceil((window.endsAt - now) / 1000)))
      throw new HTTPException(429, { message: 'Too many attempts. Wait a little.' })
    }
    await next()
  })
}

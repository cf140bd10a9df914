import ky, { type KyInstance } from 'ky'
import { resolveBaseUrl } from '../browser/resolveBaseUrl.ts'
import { interceptCalls } from './interceptCalls.ts'

/** Sends one attempt of a request: `globalThis.fetch` or the app's own. */
export type Fetch = (request: Request) => Promise<Response>

// Read at each attempt, because tools and tests replace `globalThis.fetch` after this module has loaded. Firefox does not
// take `keepalive` from a request, so it is passed again.
export const sendByFetch: Fetch = (request) => globalThis.fetch(request, { keepalive: request.keepalive })

/** The same, but where a redirect is refused, the answer tells so. Of a refused redirect browsers tell nothing. */
export const sendUnredirected: Fetch = (request) =>
  globalThis.fetch(request, { keepalive: request.keepalive, redirect: 'manual' })

/** `notes` and `/notes` are the same path. `//host` and `/\host` are addresses of another host (WHATWG URL). */
const normalizePath = (input: unknown): unknown =>
  typeof input === 'string' ? input.replace(/^\/(?![/\\])/, '') : input

/**
 * Makes the ky instance that sends everything. A path is relative to `baseUrl`, with or without a leading slash. A request
 * to an absolute address goes there.
 *
 * @param baseUrl - The root of the API, ending in a slash.
 */
export const createHttp = (
  baseUrl: string,
  fetch: Fetch,
  credentials: RequestCredentials = 'same-origin',
): KyInstance =>
  interceptCalls(
    ky.create({
      baseUrl: resolveBaseUrl(baseUrl),
      credentials,
      fetch: (request) => fetch(request as Request),
    }),
    (call, input, options) => call(normalizePath(input), options),
  )

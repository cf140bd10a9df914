import ky, { type KyInstance } from 'ky'
import { interceptCalls } from './interceptCalls.ts'

/** Sends one attempt of a request: `globalThis.fetch` or the app's own. */
export type Fetch = (request: Request) => Promise<Response>

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
    ky.create({ baseUrl, credentials, fetch: (request) => fetch(request as Request) }),
    (call, input, options) => call(normalizePath(input), options),
  )

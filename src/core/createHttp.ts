import ky, { type KyInstance } from 'ky'

/** Sends one attempt of a request: `globalThis.fetch` or the app's own. */
export type Fetch = (request: Request) => Promise<Response>

/**
 * `notes` and `/notes` are the same path; `//host` and `/\host` are addresses of another host (WHATWG URL). The signal of
 * a `Request` is named, because ky listens to it only where its options name no other.
 */
const normalize = (input: unknown, options: unknown): unknown[] => [
  typeof input === 'string' ? input.replace(/^\/(?![/\\])/, '') : input,
  input instanceof Request ? { signal: input.signal, ...Object(options) } : options,
]

const joinPaths = (instance: KyInstance): KyInstance =>
  new Proxy(instance, {
    apply: (target, self, [input, options]) => Reflect.apply(target, self, normalize(input, options)),
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (input: unknown, options: unknown) => {
        const result: unknown = Reflect.apply(member, target, normalize(input, options))
        return name === 'extend' ? joinPaths(result as KyInstance) : result
      }
    },
  })

/**
 * Makes the ky instance that everything is sent through. Paths are relative to `baseUrl` with or without a leading
 * slash; absolute addresses go where they say.
 *
 * @param baseUrl - The API root, ending in a slash.
 */
export const createHttp = (
  baseUrl: string,
  fetch: Fetch,
  credentials: RequestCredentials = 'same-origin',
): KyInstance => joinPaths(ky.create({ baseUrl, credentials, fetch: (request) => fetch(request as Request) }))

import type { KyInstance, ResponsePromise } from 'ky'
import type { SessionScope } from '../session/createSession.ts'
import type { Fetch } from './createHttp.ts'
import type { SessionFetch } from './createSessionFetch.ts'
import { createLifetime, type Lifetime } from './createLifetime.ts'
import { interceptCalls } from './interceptCalls.ts'

const ignore = (): void => {}

/** Binds all that a caller may wait for: the response, and what its shortcuts read (`.json()`, `.text()` …). */
const holdResponse = (response: ResponsePromise, { hold }: Lifetime): ResponsePromise => {
  const held = hold(response)
  const shortcuts = Object.entries(response).map(
    ([name, read]: [string, (given: unknown) => Promise<unknown>]) => [
      name,
      (given: unknown) => {
        // A caller who uses a shortcut gets the failure from the shortcut.
        held.catch(ignore)
        return hold(read(given))
      },
    ],
  )
  return Object.assign(held, Object.fromEntries(shortcuts)) as ResponsePromise
}

/**
 * Makes the ky instance for private requests. Each request belongs to the session in which it was called, for all of its
 * attempts and the waits between them.
 *
 * @param getScope - Says which session a call belongs to. Called in the caller's own tick.
 */
export const createApi = (
  http: KyInstance,
  getScope: () => SessionScope,
  sessionFetch: SessionFetch,
): KyInstance => {
  const api = http.extend({
    hooks: {
      // Only this hook runs in the caller's own tick, so only this hook knows in which session the caller is.
      init: [
        (options) => {
          const scope = getScope()
          const fetch = options.fetch as unknown as Fetch
          options.fetch = (request) => sessionFetch(scope, request as Request, fetch)
        },
      ],
    },
  })

  return interceptCalls(api, (call, input, options) => {
    const signals = [getScope(), Object(options), input instanceof Request ? input : {}].flatMap(
      ({ signal }: { signal?: AbortSignal | null }) => signal ?? [],
    )
    const lifetime = createLifetime(signals)
    return holdResponse(call(input, { ...Object(options), signal: lifetime.signal }), lifetime)
  })
}

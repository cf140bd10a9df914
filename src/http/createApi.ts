import type { KyInstance, Options, ResponsePromise } from 'ky'
import type { SessionScope } from '../session/SessionScope.ts'
import type { Fetch } from './createHttp.ts'
import type { Bounds, SessionFetch } from './createSessionFetch.ts'
import { type Bound, createLifetime, type Lifetime } from './createLifetime.ts'
import { holdBody } from './holdBody.ts'
import { interceptCalls } from './interceptCalls.ts'

const ignore = (): void => {}

/** The response and what its shortcuts read (`.json()`, `.text()` …): all that a caller may wait for. */
const holdResponse = (response: ResponsePromise, lifetime: Lifetime): ResponsePromise => {
  const { hold } = lifetime
  // A hook, and ky itself where it tells of the progress, may have made another response of it.
  const held = hold(response.then((given) => holdBody(given, lifetime)))
  const shortcuts = Object.entries(response).map(
    ([name, read]: [string, (given: unknown) => Promise<unknown>]) => [
      name,
      (given: unknown) => {
        // Whoever reads the body by a shortcut hears of a failure there.
        held.catch(ignore)
        return hold(read(given))
      },
    ],
  )
  return Object.assign(held, Object.fromEntries(shortcuts)) as ResponsePromise
}

/**
 * Makes the ky instance for private requests. Each belongs to the session in which it was called, through all of its
 * attempts and the waits between them.
 *
 * @param getScope - Whose a call is: asked in the caller's own tick.
 */
export const createApi = (
  http: KyInstance,
  getScope: () => SessionScope,
  sessionFetch: SessionFetch,
): KyInstance => {
  // Of the call that is being made: ky runs its `init` hooks in the caller's own tick.
  let bounds: Bounds | undefined

  const api = http.extend({
    hooks: {
      init: [
        (options) => {
          const own = bounds as Bounds
          const fetch = options.fetch as unknown as Fetch
          options.fetch = (request) => sessionFetch(own, request as Request, fetch)
        },
      ],
    },
  })

  return interceptCalls(api, (call, input, options) => {
    const own = { ...Object(options) } as Options
    bounds = [getScope(), own, Object(input) as Bound]
    const lifetime = createLifetime(bounds)
    try {
      return holdResponse(call(input, { ...own, signal: lifetime.signal }), lifetime)
    } finally {
      // Kept, it would hold what the call has sent.
      bounds = undefined
    }
  })
}

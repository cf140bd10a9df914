import { builtinEnvironments, type Environment } from 'vitest/runtime'

/** happy-dom with Node's own `fetch`: real requests, without happy-dom's imitation of CORS. */
const environment: Environment = {
  ...builtinEnvironments['happy-dom'],
  name: 'happy-dom-with-real-fetch',
  setup: async (global, options) => {
    const { fetch, Request, Response, Headers, FormData, AbortController, AbortSignal } = globalThis
    const teardown = await builtinEnvironments['happy-dom'].setup(global, options)
    Object.assign(global, { fetch, Request, Response, Headers, FormData, AbortController, AbortSignal })
    return teardown
  },
}

export default environment

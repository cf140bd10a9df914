import { abortReason, throwIfAborted } from '../errors/abortReason.ts'
import type { AuthSession } from '../client/AuthClient.ts'
import { type Endpoints, resolveEndpoint } from '../http/Endpoint.ts'
import type { RegisteredUser } from '../Register.ts'
import { matchRoute } from './matchRoute.ts'
import { readRequest, toRequest } from './readRequest.ts'
import type { GivenUser, TestHandler, TestRequest } from './TestRequest.ts'

/** Options of `createTestApi`. */
export interface TestApiOptions<TUser = RegisteredUser> {
  /** The user that any login or registration signs in. Default: nobody; a login is answered with 401. */
  user?: GivenUser<TUser>
  /** Root of the API, as the client has it. Default: `'https://api.test'`. */
  baseUrl?: string
  /** The endpoints, as the client has them. Default: the client's defaults. */
  endpoints?: Partial<Endpoints>
}

/** An API in memory. */
export interface TestApi<TUser = RegisteredUser> {
  readonly baseUrl: string
  readonly endpoints: Partial<Endpoints>
  /** Sends a request to this API. Use it as the `fetch` option of a client, or instead of `globalThis.fetch`. */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /** The requests that the API has received, oldest first. */
  readonly requests: readonly TestRequest<TUser>[]
  /** The sessions whose tokens are live, oldest first. */
  readonly sessions: readonly AuthSession<TUser>[]
  /** Makes a session with a new live token: as a login answers it, and as `setSession` takes it. */
  readonly createSession: (user: TUser) => AuthSession<TUser>
  /**
   * Answers the requests of a route from now on. If several routes match, the one that was added last answers. A request
   * with a dead token is answered with 401 first.
   *
   * @param route - `'GET notes'`, `'DELETE notes/:id'`, `'POST auth/login'`.
   */
  readonly on: <TRoute extends string>(route: TRoute, handler: TestHandler<TUser, TRoute>) => void
  /** Makes every token dead: requests that carry one are answered with 401. */
  readonly revokeTokens: () => void
  /** Answers nothing from now on. Requests wait: `recover()` answers them late, `goOffline()` and `fail()` fail them. */
  readonly hang: () => void
  /**
   * Is out of reach from now on: `fetch` fails with a `TypeError`, as in a browser. Does not tell TanStack Query, which
   * would pause queries: call its `onlineManager.setOnline(false)` for that.
   */
  readonly goOffline: () => void
  /** Answers everything with this status from now on, and with these headers (`Retry-After`). */
  readonly fail: (status: number, headers?: Record<string, string>) => void
  /** Ends `hang()`, `goOffline()` and `fail()`. Tokens that have been revoked stay dead. */
  readonly recover: () => void
}

type Condition = 'online' | 'hanging' | 'offline' | { status: number; headers: Record<string, string> }

type Handler<TUser> = (request: TestRequest<TUser>, token: string) => unknown

interface Match<TUser> {
  handler?: Handler<TUser>
  params: Record<string, string>
}

let tokenCount = 0

const json = (body: unknown, init?: ResponseInit): Response =>
  new Response(JSON.stringify(body), {
    ...init,
    headers: { 'Content-Type': 'application/json', ...Object(init?.headers) },
  })

const invalidToken = (): Response =>
  json(
    { message: 'The token is invalid.' },
    { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } },
  )

const untilAborted = <T>(signal: AbortSignal, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(abortReason(signal) as Error))
    promise.then(resolve, reject)
  })

/**
 * Makes an API in memory. It answers login, register, user and logout as signoff expects, with tokens that are dead after
 * their logout, and the routes that a test adds. Nothing leaves the process. For tests only.
 */
export const createTestApi = <TUser = RegisteredUser>(
  options: TestApiOptions<TUser> = {},
): TestApi<TUser> => {
  const { user, baseUrl = 'https://api.test', endpoints = {} } = options
  const handlers = new Map<string, Handler<TUser>>()
  const sessions = new Map<string, TUser>()
  const requests: TestRequest<TUser>[] = []
  let condition: Condition = 'online'
  let held: (() => void)[] = []

  const change = (next: Condition): void => {
    const waiting = held
    condition = next
    held = []
    waiting.forEach((proceed) => proceed())
  }

  const checkReach = (): void => {
    // Chromium's message: by it ky tells a network failure from a mistake of the programmer.
    if (condition === 'offline') throw new TypeError('Failed to fetch')
  }

  const createSession = (owner: TUser): AuthSession<TUser> => {
    const token = `test-token-${(tokenCount += 1)}`
    sessions.set(token, owner)
    return { user: owner, token }
  }

  const addRoute = (route: string, handler: Handler<TUser>): void => {
    const name = route.replace(' /', ' ')
    // At the end of the map, because the route that was added last answers.
    handlers.delete(name)
    handlers.set(name, handler)
  }

  const findRoute = (name: string): Match<TUser> => {
    let found: Match<TUser> = { params: {} }
    handlers.forEach((handler, route) => {
      const params = matchRoute(route, name)
      if (params) found = { handler, params }
    })
    return found
  }

  const answer = async (request: TestRequest<TUser>, token: string | null): Promise<Response> => {
    if (token !== null && !sessions.has(token)) return invalidToken()
    const name = `${request.method} ${request.path}`
    const { handler } = findRoute(name)
    if (!handler) {
      console.warn(`signoff/testing: nothing answers ${name}. Add it: api.on('${name}', () => …)`)
      return json({ message: `Nothing answers ${name}.` }, { status: 404 })
    }
    const result = await handler(request, token ?? '')
    if (result instanceof Response) return result
    return result === undefined ? new Response(null, { status: 204 }) : json(result)
  }

  const send = async (request: Request): Promise<Response> => {
    checkReach()
    const { token, ...received } = await readRequest(request, baseUrl)
    const { params } = findRoute(`${received.method} ${received.path}`)
    const recorded = { ...received, params, user: sessions.get(token ?? '') ?? null }
    requests.push(recorded)
    if (condition === 'hanging') await new Promise<void>((resolve) => held.push(resolve))
    // A request that was aborted meanwhile changes nothing.
    throwIfAborted(request.signal)
    checkReach()
    return typeof condition === 'object'
      ? json({ message: `The API answers ${condition.status}.` }, condition)
      : answer(recorded, token)
  }

  const signIn = (): unknown =>
    user
      ? createSession(user)
      : json({ message: 'Nobody can log in: createTestApi({ user })' }, { status: 401 })

  const builtIn: Record<keyof Endpoints, Handler<TUser>> = {
    login: signIn,
    register: signIn,
    user: (request) => request.user ?? invalidToken(),
    logoutEverywhere: (request) => {
      for (const [token, owner] of sessions) if (owner === request.user) sessions.delete(token)
    },
    logout: (request, token) => (sessions.delete(token) ? { user: request.user, token } : invalidToken()),
  }
  for (const name of Object.keys(builtIn) as (keyof Endpoints)[]) {
    const endpoint = resolveEndpoint(endpoints, name)
    if (endpoint) addRoute(`${endpoint.method} ${endpoint.path}`, builtIn[name])
  }

  return {
    baseUrl,
    endpoints,
    requests,
    get sessions() {
      return Array.from(sessions, ([token, owner]) => ({ user: owner, token }))
    },
    createSession,
    fetch: async (input, init) => {
      const request = toRequest(input, init)
      throwIfAborted(request.signal)
      return untilAborted(request.signal, send(request))
    },
    // A handler is found by its route, so its request has the parameters of that route.
    on: (route, handler) => addRoute(route, handler as unknown as Handler<TUser>),
    revokeTokens: () => sessions.clear(),
    hang: () => change('hanging'),
    goOffline: () => change('offline'),
    fail: (status, headers = {}) => change({ status, headers }),
    recover: () => change('online'),
  }
}

import type { Tokens } from '../browser/Tokens.ts'

/** What an endpoint is given of a session. */
export type GivenTokens = Pick<Tokens, 'token' | 'refreshToken'>

/** A function of what an endpoint is given. Declared as a method, so that its parameter may have the app's own type. */
export type Make<TGiven, TMade> = { make(given: TGiven): TMade }['make']

/** An endpoint of the API, where its path alone does not say enough. */
export interface EndpointDetails<TGiven = object> {
  /** Relative to `baseUrl`. */
  readonly path: string
  /** Default: `'GET'` for `user`, else `'POST'`. */
  readonly method?: string
  /** Headers of its own, or a function that makes them of what the endpoint is given (Basic login). Default: none. */
  readonly headers?: Record<string, string> | Make<TGiven, Record<string, string>>
  /**
   * How the body is written: as JSON (the default), or as `application/x-www-form-urlencoded` (OAuth 2, RFC 7009). A form
   * names the token itself, so that no `Authorization` header carries it: there OAuth 2 expects the client's own secret.
   */
  readonly encoding?: 'json' | 'form'
  /**
   * An object, under which what the endpoint is given is merged; or a function that makes the whole body of that, and
   * `undefined` where there shall be none. Credentials and details are sent, tokens only where a function says so.
   */
  readonly body?: object | Make<TGiven, object | undefined>
}

/** An endpoint of the API: its path relative to `baseUrl`, or its {@link EndpointDetails}. */
export type Endpoint<TGiven = object> = string | EndpointDetails<TGiven>

/** Tells who a token belongs to, where the API has no such endpoint. `null` says that the token is worth nothing. */
export type ReadToken = (token: string) => unknown

/** The endpoints of the API. */
export interface Endpoints<TCredentials = object, TDetails = object> {
  /** Default `'auth/login'`. It is given the credentials. */
  login: Endpoint<TCredentials>
  /** Default `'auth/register'`. It is given the details. */
  register: Endpoint<TDetails>
  /** Default `'auth/user'`. A function reads the user out of the token instead, without a request (claims of a JWT). */
  user: Endpoint<GivenTokens> | ReadToken
  /**
   * Default `'auth/logout'`; `null` if the API cannot revoke a token, which then lives until it expires. It is given
   * `{ token, refreshToken }`.
   */
  logout: Endpoint<GivenTokens> | null
  /** Asked by `logout({ everywhere: true })` in the place of `logout`. No default. */
  logoutEverywhere: Endpoint<GivenTokens>
}

/** The same, and that of the option `refresh`. */
export type AllEndpoints = Endpoints & { refresh: Endpoint<GivenTokens> }

/** What is sent to an endpoint. */
export interface EndpointRequest {
  readonly path: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string | URLSearchParams
}

/** The path and method of an endpoint, the default ones if the app names none; `undefined` if there is no request. */
export const resolveEndpoint = (
  endpoints: Partial<AllEndpoints> | undefined,
  name: keyof AllEndpoints,
): (EndpointDetails & { method: string }) | undefined => {
  const endpoint = endpoints?.[name] ?? `auth/${name}`
  if (typeof endpoint === 'function') return undefined
  const method = name === 'user' ? 'GET' : 'POST'
  return typeof endpoint === 'string' ? { path: endpoint, method } : { method, ...endpoint }
}

/** Whether the token goes into the header. With a form, that header is the client's own (RFC 6749, section 2.3.1). */
export const isBearer = (endpoint: unknown): boolean => {
  const { encoding, body } = Object(endpoint) as Partial<EndpointDetails>
  return encoding !== 'form' || !body
}

type FormValue = string | number | boolean | null | undefined

const encodeForm = (content: object): URLSearchParams => {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(content) as [string, FormValue | FormValue[]][]) {
    for (const each of [value].flat())
      if (each !== undefined && each !== null) form.append(name, String(each))
  }
  return form
}

/**
 * @param given - What the app's functions are given.
 * @param sent - The part of it that is sent where the app has no function. Default: nothing.
 */
export const describeRequest = (
  { path, method, headers, encoding, body }: EndpointDetails & { method: string },
  given: object,
  sent?: object,
): EndpointRequest => {
  const content = typeof body === 'function' ? body(given) : (body ?? sent) && { ...body, ...sent }
  const isForm = encoding === 'form'
  return {
    path,
    method,
    headers: {
      Accept: 'application/json',
      ...(content && !isForm && { 'Content-Type': 'application/json' }),
      ...(typeof headers === 'function' ? headers(given) : headers),
    },
    ...(content && { body: isForm ? encodeForm(content) : JSON.stringify(content) }),
  }
}

/**
 * An endpoint of the API: its path relative to `baseUrl`, or an object with the path, the `method` (default `'GET'` for
 * `user`, else `'POST'`) and the `json` body that the API wants. The credentials of a login are merged over `json`.
 */
export type Endpoint =
  | string
  | { readonly path: string; readonly method?: string; readonly json?: Record<string, unknown> }

/** The four endpoints of the API. */
export interface Endpoints {
  /** Default `'auth/login'`. */
  login: Endpoint
  /** Default `'auth/register'`. */
  register: Endpoint
  /** Default `'auth/user'`. */
  user: Endpoint
  /** Default `'auth/logout'`; `null` if the API cannot revoke a token, which then lives until it expires. */
  logout: Endpoint | null
}

export interface ResolvedEndpoint {
  readonly path: string
  readonly method: string
  readonly json?: Record<string, unknown>
}

/** Adds the default path and method if the app names none. */
export const resolveEndpoint = (
  endpoints: Partial<Endpoints> | undefined,
  name: keyof Endpoints,
): ResolvedEndpoint => {
  const endpoint = endpoints?.[name] ?? `auth/${name}`
  const method = name === 'user' ? 'GET' : 'POST'
  return typeof endpoint === 'string' ? { path: endpoint, method } : { method, ...endpoint }
}

/** The parameters of a route: `{ id: string }` for `'DELETE notes/:id'`. */
export type RouteParams<TRoute extends string> = string extends TRoute
  ? Readonly<Partial<Record<string, string>>>
  : TRoute extends `${string}/:${infer TName}/${infer TRest}`
    ? Readonly<Record<TName, string>> & RouteParams<`/${TRest}`>
    : TRoute extends `${string}/:${infer TName}`
      ? Readonly<Record<TName, string>>
      : object

/** The parameters of a request's `METHOD path` in a route, `undefined` if the route does not match. */
export const matchRoute = (route: string, name: string): Record<string, string> | undefined => {
  const segments = route.split('/')
  const found = name.split('/')
  if (segments.length !== found.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const value = found[index] ?? ''
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return params
}

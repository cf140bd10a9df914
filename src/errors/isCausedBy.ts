/**
 * Tells whether a value is an error of a class, or was made from one: an HTTP client that wraps what its `fetch` throws
 * keeps it as the `cause`.
 *
 * @param depth - How many causes are looked at. Errors may cause each other in a circle.
 */
export const isCausedBy = (
  value: unknown,
  type: abstract new (...given: never[]) => Error,
  depth = 10,
): boolean =>
  value instanceof type || (depth > 0 && isCausedBy((Object(value) as Error).cause, type, depth - 1))

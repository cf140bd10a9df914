/** How many causes are looked at: more than any stack of clients makes, and an end for errors that cause each other. */
const depth = 10

/**
 * Tells whether a value is an error of a class, or was made from one: an HTTP client that wraps what its `fetch` throws
 * keeps it as the `cause`.
 */
export const isCausedBy = (value: unknown, type: abstract new (...given: never[]) => Error): boolean => {
  let error = value
  for (let step = 0; step <= depth; step += 1) {
    if (error instanceof type) return true
    error = (Object(error) as Error).cause
  }
  return false
}

/** A 2xx answer. */
export interface Answer {
  status: number
  statusText: string
  headers: Headers
  /** The parsed body, `undefined` if it is empty. */
  body?: unknown
}

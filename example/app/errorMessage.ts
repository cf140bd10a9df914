import { isHTTPError } from 'ky'

/** What to show of a failure: the API's own words where it sent some. */
export function errorMessage(error: Error): string {
  const data: unknown = isHTTPError(error) ? error.data : undefined
  if (typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string') {
    return data.message
  }
  return error.message
}

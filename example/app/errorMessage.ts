import { isHTTPError, isNetworkError, isTimeoutError } from 'ky'

/** What to show of a failure: the API's own words where it sent some. */
export function errorMessage(error: Error): string {
  if (isTimeoutError(error)) return 'The server took too long.'
  if (isNetworkError(error)) return 'The server could not be reached.'
  if (!isHTTPError(error)) return error.message
  const { data, response } = error
  if (typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string') {
    return data.message
  }
  return `The server answered with HTTP ${response.status}.`
}

import { RequestError } from '../errors/RequestError.ts'

/**
 * Waits for something that code of the app's makes and that may never settle.
 *
 * @param milliseconds - From now.
 * @throws RequestError with code `'timeout'`.
 */
export const settleWithin = <T>(milliseconds: number, waiting: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new RequestError("The app's own function has not settled in time", {
          code: 'timeout',
          status: 0,
          statusText: '',
        }),
      )
    }, milliseconds)
    void waiting.then(resolve, reject).finally(() => clearTimeout(timer))
  })

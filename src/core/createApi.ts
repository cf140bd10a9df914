import type { KyInstance } from 'ky'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { Fetch } from './createHttp.ts'
import type { SessionMachine } from './session.ts'

export interface ApiOptions {
  http: KyInstance
  baseUrl: string
  session: Pick<SessionMachine<unknown>, 'getState' | 'getSignal'>
  isRejection: (response: Response) => boolean
  /** The API refused the token of a session that is still on. */
  onRejection: () => void
}

/** The token goes to the API's exact origin and below its path, and nowhere else (OWASP ASVS 5.0, 10.1.1). */
const isWithin = (url: string, baseUrl: string): boolean =>
  // Both are serialised by the URL standard: scheme, host and port are exact, and the path ends in a slash.
  url.startsWith(new URL(baseUrl, globalThis.location?.href).href)

const untilAborted = <T>(signal: AbortSignal, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    promise.then(resolve, reject)
  })

const sendWithin = async (
  token: string | null,
  signal: AbortSignal,
  send: Fetch,
  request: Request,
  { baseUrl, isRejection, onRejection }: ApiOptions,
): Promise<Response> => {
  if (token === null) throw new SignedOutError()
  const isOurs = isWithin(request.url, baseUrl)
  signal.throwIfAborted()
  request.signal.throwIfAborted()
  // A copy, made for one attempt: a retry carries no old token, and no error object of ky's holds one.
  // Firefox takes `keepalive` from no request.
  const attempt = new Request(request, { keepalive: request.keepalive })
  if (isOurs) attempt.headers.set('Authorization', `Bearer ${token}`)
  try {
    // ky aborts this signal: a `fetch` of the app's own that ignores it is not waited for.
    const response = await untilAborted(request.signal, send(attempt))
    // An answer that was redirected elsewhere says nothing of the token; an app's own response has no address.
    const isAnswer = isOurs && isWithin(response.url || request.url, baseUrl)
    if (isAnswer && !signal.aborted && isRejection(response)) onRejection()
    return response
  } finally {
    // Whatever came of it: the session's end is what the caller hears of.
    signal.throwIfAborted()
  }
}

/**
 * Makes the ky instance for private requests. Each belongs to the session in which it was called: its attempts carry
 * that session's token, it is aborted when the session ends, and it is never sent again under the next one.
 */
export const createApi = (options: ApiOptions): KyInstance =>
  options.http.extend({
    hooks: {
      // The only hook that runs in the caller's own tick, so the only one that knows who called.
      init: [
        (request) => {
          const { token } = options.session.getState()
          const signal = options.session.getSignal()
          const send = request.fetch as unknown as Fetch
          request.signal = AbortSignal.any([signal, request.signal ?? signal])
          request.fetch = (attempt) => sendWithin(token, signal, send, attempt as Request, options)
        },
      ],
    },
  })

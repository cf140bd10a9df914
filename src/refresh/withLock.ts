import { abortReason } from '../errors/abortReason.ts'
import { RequestError } from '../errors/RequestError.ts'
import { settleWithin } from '../http/settleWithin.ts'

export const createTimeout = (): RequestError =>
  new RequestError('Another tab refreshes', {
    code: 'timeout',
    status: 0,
    statusText: '',
  })

/**
 * Does something while no other tab does it. Where the platform has no locks, does it at once.
 *
 * @param name - Of the lock, which the tabs share. Without one, there is nobody to wait for.
 * @param signal - Ends the waiting.
 * @param timeout - Milliseconds to wait.
 * @throws RequestError with code `'timeout'`; the signal's reason.
 */
export const withLock = async <T>(
  name: string | undefined,
  signal: AbortSignal | undefined,
  timeout: number,
  act: () => Promise<T>,
): Promise<T> => {
  const locks = globalThis.navigator?.locks
  if (!locks || !name) return act()
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  const timer = setTimeout(stop, timeout)
  signal?.addEventListener('abort', stop)
  const stopWaiting = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
  let isHeld = false
  // A platform may take no signal, and give the lock late or never.
  const stopped = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(createTimeout()))
  })
  try {
    const asked = locks.request(name, { signal: controller.signal }, () => {
      if (controller.signal.aborted) return stopped
      isHeld = true
      stopWaiting()
      return act()
    })
    return await Promise.race([asked, stopped])
  } catch (error) {
    stopWaiting()
    if (isHeld) throw error
    if (signal?.aborted) throw abortReason(signal)
    if (controller.signal.aborted) throw createTimeout()
    // A page of no origin may not lock.
    return act()
  }
}

/**
 * Whether a tab holds the lock now; `false` if the platform does not say.
 *
 * @param timeout - Milliseconds to wait.
 */
export const isLockHeld = async (name: string | undefined, timeout: number): Promise<boolean> => {
  const query = settleWithin(timeout, (async () => globalThis.navigator?.locks?.query?.())())
  // A page of no origin may not ask.
  const answer = await query.catch(() => undefined)
  return answer?.held?.some((lock) => lock.name === name) === true
}

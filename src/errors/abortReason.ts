/** Why a signal was aborted; an `AbortError` where the platform's signals know no reason. */
export const abortReason = (signal: AbortSignal): unknown =>
  'reason' in signal ? signal.reason : Object.assign(new Error('Aborted'), { name: 'AbortError' })

/** Aborts for a reason. Where the platform's signals know none, the signal is given it. */
export const abortWith = (controller: AbortController, reason: unknown): void => {
  const { signal } = controller
  if (!('reason' in signal)) Object.assign(signal, { reason })
  controller.abort(reason)
}

/** @throws The reason, if the signal is aborted. */
export const throwIfAborted = (signal: AbortSignal | null | undefined): void => {
  if (signal?.aborted) throw abortReason(signal)
}

/**
 * A controller whose signal can be asked `throwIfAborted` on any platform. ky asks it as soon as there is an
 * `AbortSignal.any`, which may be all that a platform has of what is new.
 */
export const createAbortController = (): AbortController => {
  const controller = new AbortController()
  const { signal } = controller
  signal.throwIfAborted ??= () => throwIfAborted(signal)
  return controller
}

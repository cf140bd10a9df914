import { abortReason, abortWith, createAbortController } from '../errors/abortReason.ts'

/** Whoever may end a request: a session, a caller's options, a request. */
export interface Bound {
  readonly signal?: AbortSignal | null | undefined
  /** Of the request. */
  readonly body?: unknown
}

/** What one request is bound to: a session, and the signals of those who asked for it. */
export interface Lifetime {
  /** For the request: aborted with the reason of the first signal that was. */
  readonly signal: AbortSignal
  /**
   * Waits for what is under way, and rejects at once when the lifetime ends first, or has ended: nothing that settles
   * afterwards is handed on. Listens only as long as it waits, so that a request leaves nothing behind once it has
   * settled.
   *
   * @param act - Is done with the value before anything else can happen.
   */
  readonly hold: <T>(waiting: Promise<T>, act?: (value: T) => void) => Promise<T>
}

/** What waits for the end of a signal. */
class Waiting extends Set<() => void> {
  handleEvent(): void {
    for (const end of this) end()
  }
}

/** One listener for each signal, however many wait: of more than ten Node says that they are a leak. */
const waitings = new WeakMap<AbortSignal, Waiting>()

/** @returns What stops it. */
const listen = (signal: AbortSignal, end: () => void): (() => void) => {
  const waiting = waitings.get(signal) ?? new Waiting()
  waitings.set(signal, waiting.add(end))
  signal.addEventListener('abort', waiting)
  return () => {
    waiting.delete(end)
    if (!waiting.size) signal.removeEventListener('abort', waiting)
  }
}

/**
 * @param bounds - Of several that are aborted, the first one's reason counts. They are held themselves: Node lets go of
 * the signal of a `Request` that nobody holds.
 */
export const createLifetime = (bounds: readonly Bound[]): Lifetime => {
  const controller = createAbortController()
  const { signal } = controller

  const hasEnded = (): boolean => {
    const ended = bounds.find((bound) => bound.signal?.aborted)?.signal
    if (ended && !signal.aborted) abortWith(controller, abortReason(ended))
    return signal.aborted
  }
  hasEnded()

  return {
    signal,
    hold: (waiting, act) =>
      new Promise((resolve, reject) => {
        const settle = (end: () => void): void => {
          for (const stop of stops) stop()
          if (hasEnded()) reject(abortReason(signal))
          else end()
        }
        const onAbort = (): void => settle(() => {})
        const stops = bounds.flatMap((bound) => (bound.signal ? listen(bound.signal, onAbort) : []))
        waiting.then(
          (value) =>
            settle(() => {
              act?.(value)
              resolve(value)
            }),
          (error) => settle(() => reject(error)),
        )
        if (hasEnded()) onAbort()
      }),
  }
}

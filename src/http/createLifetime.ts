/** What limits the life of one request: its session, and the signals of its callers. */
export interface Lifetime {
  /** For the request: aborted with the reason of the first signal that is aborted. */
  readonly signal: AbortSignal
  /**
   * Waits for a promise. If the lifetime ends first, it rejects at once, and drops what the promise brings later. It
   * listens only while it waits, so a request leaves nothing behind once it has settled.
   */
  readonly hold: <T>(waiting: Promise<T>) => Promise<T>
}

/** @param signals - If several are aborted, the reason of the first in this list counts. */
export const createLifetime = (signals: readonly AbortSignal[]): Lifetime => {
  const controller = new AbortController()
  const { signal } = controller

  const checkSignals = (): void => {
    const ended = signals.find(({ aborted }) => aborted)
    if (ended && !signal.aborted) controller.abort(ended.reason)
  }
  checkSignals()

  return {
    signal,
    hold: (waiting) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          for (const each of signals) each.removeEventListener('abort', onAbort)
          checkSignals()
          if (signal.aborted) reject(signal.reason)
          else act()
        }
        const onAbort = (): void => settle(() => {})
        for (const each of signals) each.addEventListener('abort', onAbort)
        waiting.then(
          (value) => settle(() => resolve(value)),
          (error) => settle(() => reject(error)),
        )
        if (signal.aborted) onAbort()
      }),
  }
}

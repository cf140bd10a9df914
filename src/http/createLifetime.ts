/** What one request is bound to: a session, and the signals of those who asked for it. */
export interface Lifetime {
  /** For the request: aborted with the reason of the first signal that was. */
  readonly signal: AbortSignal
  /**
   * Waits for what is under way, and rejects at once when the lifetime ends first: nothing that settles afterwards is
   * handed on. Listens only as long as it waits, so that a request leaves nothing behind once it has settled.
   */
  readonly hold: <T>(waiting: Promise<T>) => Promise<T>
}

/** @param signals - Of several that are aborted, the first one's reason counts. */
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

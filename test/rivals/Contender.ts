/** What a page makes of a library that refreshes tokens, as its documentation says. */
export interface Contender {
  /** Logs a user in, in one tab for all. */
  logIn: () => Promise<unknown>
  /** Asks for what is private: the status of the answer. Rejects where there is none. */
  ask: () => Promise<number>
  /** Whether this tab would show a login form now. */
  isSignedOut: () => boolean
}

/** What a page hands to the driver. */
export interface Exposed extends Contender {
  moveClock: (milliseconds: number) => void
  /**
   * Asks as often at once, and then again until it is answered. Resolves with whether it was.
   *
   * @param pause - Milliseconds until somebody tries again who saw an error.
   * @param limit - Milliseconds.
   */
  askUntilAnswered: (times: number, pause: number, limit: number) => Promise<boolean>
}

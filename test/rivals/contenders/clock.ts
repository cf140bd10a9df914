/** Milliseconds by which the clock of the page is set forward. */
let moved = 0

const Clock = Date

/** Imported before everything else that reads a clock. */
globalThis.Date = class extends Clock {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [Clock.now() + moved] : given) as [number]))
  }

  static override now(): number {
    return Clock.now() + moved
  }
} as DateConstructor

export const moveClock = (milliseconds: number): void => {
  moved += milliseconds
}

import type { Contender, Exposed } from '../Contender.ts'
import { moveClock } from './clock.ts'

/** So often in a row: other tabs may be in the middle of something. */
const oftenEnough = 10

/** Hands a contender to the driver. */
export const expose = ({ logIn, ask, isSignedOut }: Contender): void => {
  const askSafely = (): Promise<number> => ask().catch(() => 0)

  const askUntilAnswered = async (times: number, pause: number, limit: number): Promise<boolean> => {
    const until = performance.now() + limit
    let statuses = await Promise.all(Array.from({ length: times }, askSafely))
    let signedOut = 0
    while (statuses.some((status) => status !== 200)) {
      signedOut = isSignedOut() ? signedOut + 1 : 0
      if (signedOut === oftenEnough || performance.now() > until) return false
      await new Promise((resolve) => setTimeout(resolve, pause))
      statuses = [await askSafely()]
    }
    return true
  }

  const contender: Exposed = { logIn, ask: askSafely, isSignedOut, moveClock, askUntilAnswered }
  Object.assign(window, { contender })
}

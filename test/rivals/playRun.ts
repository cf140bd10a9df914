import { setTimeout } from 'node:timers/promises'
import type { Frame, Page } from 'puppeteer-core'
import type { Exposed } from './Contender.ts'
import type { Leniency } from './createFamily.ts'
import type { Fate } from './createFates.ts'
import { closeFrames, openFrames } from './openFrames.ts'
import type { RivalServer } from './openRivalServer.ts'

declare const contender: Exposed

export interface Run {
  /** No two at once have the same. */
  name: string
  script: string
  leniency: Leniency
  fates: () => Fate
  /** How often each tab asks at once. */
  times: number
}

export interface Outcome {
  refreshes: number
  /** Whether a tab lost the session, although nobody has logged out. */
  isLost: boolean
}

/** Milliseconds: a minute longer than an access token lives. */
const slept = 3_660_000

/** Milliseconds after which a tab that is not answered has lost its session. */
const limit = 90_000

/**
 * @param times - How often at once.
 * @param pause - Milliseconds until it asks again.
 */
const ask = (frame: Frame, times: number, pause: number): Promise<boolean> =>
  // A page that is not there yet, or that was left for a login, answers nothing.
  frame.evaluate((...given) => contender.askUntilAnswered(...given), times, pause, limit).catch(() => false)

const waitUntilSignedIn = async (frame: Frame): Promise<void> => {
  while (!(await ask(frame, 1, 50))) await setTimeout(50)
}

const isEvery = async (asked: Promise<boolean>[]): Promise<boolean> =>
  (await Promise.all(asked)).every(Boolean)

/** Logs in, opens all tabs, lets the tokens expire, and lets all tabs ask. */
export const playRun = async (
  { name, script, leniency, fates, times }: Run,
  tabs: Page[],
  server: RivalServer,
): Promise<Outcome> => {
  server.begin(leniency)
  const address = `${server.origin}/page/`
  const [empty] = await openFrames(tabs.slice(0, 1), address, name)
  await empty?.evaluate(() => localStorage.clear())
  await closeFrames(tabs.slice(0, 1), name)

  const frames = await openFrames(tabs.slice(0, 1), address + script, name)
  await Promise.all(frames.map((first) => first.evaluate(() => void contender.logIn())))
  await Promise.all(frames.map(waitUntilSignedIn))
  frames.push(...(await openFrames(tabs.slice(1), address + script, name)))
  await Promise.all(frames.map(waitUntilSignedIn))

  const dead = server.expire(slept, fates)
  await Promise.all(frames.map((frame) => frame.evaluate((ms) => contender.moveClock(ms), slept)))
  const areAnswered = async (): Promise<boolean> => {
    if (!(await isEvery(frames.map((frame) => ask(frame, times, 500))))) return false
    while (!server.isIdle()) await setTimeout(20)
    return isEvery(frames.map((frame) => ask(frame, 1, 500)))
  }
  const isAnswered = await Promise.race([areAnswered(), dead.then(() => false)])
  const outcome = { refreshes: server.refreshes(), isLost: !isAnswered || server.isDead() }
  await closeFrames(tabs, name)
  return outcome
}

import { onlineManager } from '@tanstack/react-query'
import fc from 'fast-check'
import { vi } from 'vitest'
import { installBrowser } from './Browser.ts'
import { rounds } from './commands.ts'
import { World } from './World.ts'

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env['RUNS'] ?? 2000)

/** Milliseconds. The limit only says that a round hangs, at whatever load. */
export const timeout = 300_000 + runs * 300

/**
 * Plays rounds of up to three tabs of one browser, one server, and two users: whatever they, the network and other code do,
 * in whatever order, `World.ts` says after every step and in every commit what must hold. `SEED` and `RUNS` repeat or
 * lengthen it.
 *
 * @param isShortLived - Whether the tokens of the app are, so that it refreshes them.
 */
export const playRounds = async (isShortLived: boolean): Promise<void> => {
  let world: World
  const count = { commands: 0, sessions: 0, refreshes: 0, ends: 0 }
  const scheduler = fc.scheduler({ act: (task) => world.step(task) })
  const property = fc.asyncProperty(
    scheduler,
    rounds(90, isShortLived),
    async (order, [setting, commands]) => {
      onlineManager.setOnline(true)
      world = new World(order, setting)
      try {
        world.open()
        await world.settle()
        await fc.scheduledModelRun(order, () => ({ model: setting, real: world }), commands)
        await world.drain()
      } finally {
        world.close()
      }
      count.commands += [...commands].length
      count.sessions += world.server.issued.length
      count.refreshes += world.server.attempts.filter(({ path }) => path === 'auth/refresh').length
      count.ends += world.isDecided ? 1 : 0
    },
  )
  vi.mocked(console.warn).mockImplementation(() => {})
  console.info(`model: SEED=${seed} RUNS=${runs}`)
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
  const uninstall = installBrowser(() => world.browser)
  try {
    await fc.assert(property, { seed, numRuns: runs, path: process.env['REPLAY'] ?? '' })
  } finally {
    uninstall()
  }
  console.info(
    `model: ${runs} runs of ${Math.round(count.commands / runs)} commands, ${count.sessions} sessions, ` +
      `${count.refreshes} refreshes; ${count.ends} times the user's last act alone decided the end`,
  )
  vi.mocked(console.info).mockClear()
  vi.mocked(console.warn).mockClear()
}

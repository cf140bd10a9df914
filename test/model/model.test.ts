import { onlineManager } from '@tanstack/react-query'
import fc from 'fast-check'
import { it, vi } from 'vitest'
import { installBrowser } from './Browser.ts'
import { commands } from './commands.ts'
import { World } from './World.ts'

let world: World

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const numRuns = Number(process.env['RUNS'] ?? 2000)

/*
 * Up to three tabs of one browser, one server, two users: whatever they, the network and other code do, in whatever
 * order, `World.ts` says after every step and in every commit what must hold. `SEED` and `RUNS` repeat or lengthen it.
 */
it(
  'leaves nothing of a user behind in any order of events',
  { timeout: 300_000 + numRuns * 300 },
  async () => {
    const count = { commands: 0, sessions: 0, ends: 0 }
    const scheduler = fc.scheduler({ act: (task) => world.step(task) })
    const property = fc.asyncProperty(scheduler, commands(90), async (order, acts) => {
      onlineManager.setOnline(true)
      world = new World(order)
      try {
        world.open()
        await world.settle()
        await fc.scheduledModelRun(order, () => ({ model: {}, real: world }), acts)
        await world.drain()
      } finally {
        world.close()
      }
      count.commands += [...acts].length
      count.sessions += world.server.issued.length
      count.ends += world.isDecided ? 1 : 0
    })
    vi.mocked(console.warn).mockImplementation(() => {})
    console.info(`model: SEED=${seed} RUNS=${numRuns}`)
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
    const uninstall = installBrowser(() => world.browser)
    try {
      await fc.assert(property, { seed, numRuns, path: process.env['REPLAY'] ?? '' })
    } finally {
      uninstall()
    }
    console.info(
      `model: ${numRuns} runs of ${Math.round(count.commands / numRuns)} commands, ${count.sessions} sessions; ` +
        `${count.ends} times the user's last act alone decided the end`,
    )
    vi.mocked(console.info).mockClear()
    vi.mocked(console.warn).mockClear()
  },
)

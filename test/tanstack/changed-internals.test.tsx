import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Change, changes, isOtherVersion } from './changes.ts'
import { type Edit, loadKit } from './loadKit.ts'
import { type Plot, playScene } from './playScene.tsx'

// Outside `act`, as in a browser: React itself decides what it commits together.
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => vi.unstubAllGlobals())

const allPlots: Plot[] = [
  { start: 'login', end: 'logout' },
  // The verdict on TanStack is not yet there when the session ends.
  { start: 'stored token', end: 'logout' },
  { start: 'stored token', end: 'login of another' },
]
/** `npm test` plays the last one alone, in which somebody else follows. */
const plots = process.env['SHORT'] ? allPlots.slice(-1) : allPlots

const named = (some: Change[]) => some.map((change) => [change.name, change] as const)

const report =
  'signoff: this TanStack Query cannot forget single queries. When a session begins or ends, the whole client is emptied instead.'

it.each(plots)('TanStack Query as it is keeps public data, from $start to $end', async (plot) => {
  expect(await playScene(await loadKit('as it is'), plot)).toEqual({
    faults: [],
    called: [],
    told: [],
    isPublicKept: true,
  })
})

it.each(plots)('a client of another copy of it is left as clean, from $start to $end', async (plot) => {
  const { QueryClient, MutationCache } = await loadKit('as it is')
  const kit = { ...(await loadKit('as it is')), QueryClient, MutationCache }
  expect(await playScene(kit, plot)).toMatchObject({ faults: [], called: [], told: [] })
})

const [harmless, harmful] = [
  changes.filter((change) => change.isHarmless),
  changes.filter((change) => !change.isHarmless),
]

describe.skipIf(isOtherVersion).each(named(harmless))('where %s', (name, { edits }) => {
  it.each(plots)('Ada is forgotten in the fine way, from $start to $end', async (plot) => {
    expect(await playScene(await loadKit(name, edits), plot)).toEqual({
      faults: [],
      called: [],
      told: [],
      isPublicKept: true,
    })
  })
})

describe.skipIf(isOtherVersion).each(named(harmful))('where %s', (name, { edits, shortfalls, called }) => {
  it.each(plots)('the client is emptied, and says so once, from $start to $end', async (plot) => {
    const outcome = await playScene(await loadKit(name, edits), plot)
    expect(outcome.faults.filter((fault) => !shortfalls?.includes(fault))).toEqual([])
    expect(outcome.called).toEqual(called ? [called] : [])
    expect(outcome.told).toEqual([report])
    expect(outcome.isPublicKept).toBe(false)
  })
})

const cut = (name: string, replace: RegExp, by: string): { name: string; edits: Edit[] } => ({
  name,
  edits: [{ file: 'tanstack/createInternals', replace, by }],
})

describe
  .skipIf(isOtherVersion)
  .each([
    cut('the check', /return check\.isSound/g, 'return true'),
    cut('the fallback', /(?:emptyClient\(client\)|screen\.mountAnew\(\));?/g, ''),
  ])('without $name', (missing) => {
  it.each(named(changes.filter((change) => change.leaks)))('Ada is found where %s', async (_name, change) => {
    const kit = await loadKit(`${missing.name} ${change.name}`, [...change.edits, ...missing.edits])
    const { faults } = await playScene(kit, { start: 'stored token', end: 'logout' })
    expect(faults.filter((fault) => !change.shortfalls?.includes(fault))).toContainEqual(
      expect.stringMatching(/^(?:screen|queries) /),
    )
  })
})

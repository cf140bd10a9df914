import { createStore } from '../createStore.ts'
import { liveSessions, refreshLiveSessions } from './liveSessions.ts'
import { countTokens, getTraces } from './traces.ts'

/** Counts at one moment of a logout. */
export interface Moment {
  /** Milliseconds since the click. */
  elapsed: number
  user: number
  tokens: number
  storage: number
  queries: number
  mutations: number
  requests: number
  sessions: number | null
}

export interface Timeline {
  before?: Moment
  during?: Moment
  after?: Moment
}

/** The last logout of this tab. */
export const timeline = createStore<Timeline>({})

let start = 0

/** Call it just before the logout. */
export function startTimeline(): void {
  start = performance.now()
  timeline.set({ before: { ...takeMoment(), elapsed: 0 } })

  // In the next task React has committed and the request is on its way.
  setTimeout(() => timeline.set({ ...timeline.get(), during: takeMoment() }))
}

/** Call it when the logout has settled. */
export async function finishTimeline(): Promise<void> {
  const elapsed = performance.now() - start
  const { before } = timeline.get()
  await refreshLiveSessions()
  // Meanwhile another logout may have begun a time line of its own.
  if (timeline.get().before === before)
    timeline.set({ ...timeline.get(), after: { ...takeMoment(), elapsed } })
}

function takeMoment(): Moment {
  const traces = getTraces()
  return {
    elapsed: performance.now() - start,
    user: Number(traces.hasUser),
    tokens: countTokens(traces),
    storage: traces.localKeys.length + traces.sessionKeys.length,
    queries: traces.privateQueries.length,
    mutations: traces.mutations.length,
    requests: traces.requests.length,
    sessions: liveSessions.get(),
  }
}

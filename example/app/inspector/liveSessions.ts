import { createStore } from '../createStore.ts'

interface SessionCount {
  live: number
}

/** How many sessions live on the server, everybody's, or `null` while that is not known. */
export const liveSessions = createStore<number | null>(null)

/** Asks the server. Outside of the query cache, so that the inspector does not find itself there. */
export async function refreshLiveSessions(): Promise<void> {
  if (document.visibilityState === 'hidden') return
  try {
    const response = await fetch('/api/sessions/count')
    const count = response.ok ? ((await response.json()) as SessionCount) : null
    liveSessions.set(count?.live ?? null)
  } catch {
    liveSessions.set(null)
  }
}

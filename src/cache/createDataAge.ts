import type { Query } from '@tanstack/react-query'
import { ageOf, getMoment, type Moment } from '../session/Moment.ts'

/** Knows what was fetched for a session that has ended in this page, whoever brings it again. */
export interface DataAge {
  /** What a query holds belongs to the session that is on, unless it was seen before. */
  see: (query: Query) => void
  /** A session has ended. */
  end: (queries: readonly Query[]) => void
  /** Whether a session has ended in this page. */
  hasEnded: () => boolean
  /** Whether a query holds data of a session that has ended. */
  isOld: (query: Query) => boolean
}

export const createDataAge = (): DataAge => {
  let endedAt: Moment | undefined
  let ends = 0
  // The clock of the server that has dated the data may be ahead. The data itself comes back as the same object.
  const firstSeen = new WeakMap<object, number>()

  const see = ({ state: { data } }: Query): void => {
    if (typeof data === 'object' && data !== null && !firstSeen.has(data)) firstSeen.set(data, ends)
  }

  return {
    see,
    end: (queries) => {
      queries.forEach(see)
      ends += 1
      endedAt = getMoment()
    },
    hasEnded: () => endedAt !== undefined,
    isOld: (query) => {
      if (endedAt === undefined) return false
      const { data, dataUpdatedAt } = query.state
      if ((firstSeen.get(Object(data)) ?? ends) < ends) return true
      // From before that, or from before the clock was set back.
      const age = Date.now() - dataUpdatedAt
      return age < 0 || age > ageOf(endedAt)
    },
  }
}

import type { Mutation, Query } from '@tanstack/react-query'
import { report } from '../errors/safely.ts'

/** Tells whether a query or mutation belongs to no user. */
export type IsPublic = (entry: Query | Mutation) => boolean

const isMarkedPublic = ({ meta }: Query | Mutation): boolean => meta?.['public'] === true

/** Everything that is not marked public is private. So is everything for which the app's function throws. */
export const createIsPublic =
  (isPublic: IsPublic = isMarkedPublic): IsPublic =>
  (entry) => {
    // Many are asked for at once: a closure for each would be felt.
    try {
      const answer: unknown = isPublic(entry)
      return answer === true
    } catch (error) {
      report(error)
      return false
    }
  }

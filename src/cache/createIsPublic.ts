import type { Mutation, Query } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'

/** Tells whether a query or mutation belongs to no user. */
export type IsPublic = (entry: Query | Mutation) => boolean

/** Everything that is not marked public is private. So is everything for which the app's function throws. */
export const createIsPublic =
  (isPublic: IsPublic = ({ meta }) => meta?.['public'] === true): IsPublic =>
  (entry) =>
    safely(() => isPublic(entry)) === true

import type { Mutation, Query } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'

/** Tells whether a query or mutation is nobody's own. */
export type IsPublic = (entry: Query | Mutation) => boolean

/** What is not marked public is private; so is what cannot be told. */
export const createIsPublic =
  (isPublic: IsPublic = ({ meta }) => meta?.['public'] === true): IsPublic =>
  (entry) =>
    safely(() => isPublic(entry)) === true

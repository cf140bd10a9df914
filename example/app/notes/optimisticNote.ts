import type { Note } from './notesQuery.ts'

const prefix = 'optimistic-'
let count = 0

/** A note as it will be, for the time until the API has answered. */
export function optimisticNote(text: string): Note {
  count += 1
  return { id: `${prefix}${count}`, text, createdAt: new Date().toISOString() }
}

export function isOptimistic({ id }: Note): boolean {
  return id.startsWith(prefix)
}

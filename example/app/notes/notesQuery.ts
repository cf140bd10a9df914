import { queryOptions } from '@tanstack/react-query'
import type { SessionHandle } from 'signoff'

export interface Note {
  id: string
  text: string
  createdAt: string
}

/** Where the notes are in the query cache: of whoever is signed in, newest first. */
export const notesKey = queryOptions<Note[]>({ queryKey: ['notes'] }).queryKey

/** Fetches the notes in one session. */
export const notesQuery = ({ api }: SessionHandle) =>
  queryOptions({
    queryKey: notesKey,
    queryFn: ({ signal }) => api.get('notes', { signal }).json<Note[]>(),
  })

import { queryOptions } from '@tanstack/react-query'
import { authClient } from '../auth.ts'

export interface Note {
  id: string
  text: string
  createdAt: string
}

/** The notes of whoever is signed in, newest first. */
export const notesQuery = queryOptions({
  queryKey: ['notes'],
  queryFn: ({ signal }) => authClient.api.get('notes', { signal }).json<Note[]>(),
})

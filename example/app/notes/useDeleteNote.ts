import { useMutation } from '@tanstack/react-query'
import { authClient } from '../auth.ts'
import { invalidateNotes } from './invalidateNotes.ts'
import { notesQuery } from './notesQuery.ts'

/** Deletes a note: off the list at once, back on it where the API refuses. */
export function useDeleteNote() {
  return useMutation({
    mutationKey: ['notes', 'delete'],
    mutationFn: async (id: string) => {
      await authClient.api.delete(`notes/${encodeURIComponent(id)}`)
    },
    onMutate: async (id, { client }) => {
      await client.cancelQueries({ queryKey: notesQuery.queryKey })
      client.setQueryData(notesQuery.queryKey, (notes) => notes?.filter((note) => note.id !== id))
    },
    // Success or failure, the server knows what is there.
    onSettled: (_nothing, _error, _id, _result, { client }) => invalidateNotes(client),
  })
}

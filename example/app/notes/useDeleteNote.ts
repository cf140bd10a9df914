import { useMutation } from '@tanstack/react-query'
import { useSession } from 'signoff'
import { invalidateNotes } from './invalidateNotes.ts'
import { notesKey } from './notesQuery.ts'

/** Deletes a note: off the list at once, back on it where the API refuses. */
export function useDeleteNote() {
  const { api } = useSession()
  return useMutation({
    mutationKey: ['notes', 'delete'],
    mutationFn: async (id: string) => {
      await api.delete(`notes/${encodeURIComponent(id)}`)
    },
    onMutate: async (id, { client }) => {
      await client.cancelQueries({ queryKey: notesKey })
      client.setQueryData(notesKey, (notes) => notes?.filter((note) => note.id !== id))
    },
    // Success or failure, the server knows what is there.
    onSettled: (_nothing, _error, _id, _result, { client }) => invalidateNotes(client),
  })
}

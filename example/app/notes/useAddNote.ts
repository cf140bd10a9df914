import { useMutation } from '@tanstack/react-query'
import { authClient } from '../auth.ts'
import { invalidateNotes } from './invalidateNotes.ts'
import { optimisticNote } from './optimisticNote.ts'
import { type Note, notesQuery } from './notesQuery.ts'

/** Adds a note: in the list at once, where the list is known, and taken out again where the API refuses it. */
export function useAddNote() {
  return useMutation({
    mutationKey: ['notes', 'add'],
    mutationFn: (text: string) => authClient.api.post('notes', { json: { text } }).json<Note>(),
    onMutate: async (text, { client }) => {
      await client.cancelQueries({ queryKey: notesQuery.queryKey })
      const note = optimisticNote(text)
      client.setQueryData(notesQuery.queryKey, (notes) => notes && [note, ...notes])
      return note
    },
    onError: (_error, _text, optimistic, { client }) => {
      // Only this note goes: another one may have been added meanwhile.
      client.setQueryData(notesQuery.queryKey, (notes) => notes?.filter(({ id }) => id !== optimistic?.id))
    },
    onSettled: (_note, _error, _text, _optimistic, { client }) => invalidateNotes(client),
  })
}

import { useMutation } from '@tanstack/react-query'
import { useSession } from 'signoff'
import { invalidateNotes } from './invalidateNotes.ts'
import { optimisticNote } from './optimisticNote.ts'
import { type Note, notesKey } from './notesQuery.ts'

/** Adds a note: in the list at once, where the list is known, and taken out again where the API refuses it. */
export function useAddNote() {
  const { api } = useSession()
  return useMutation({
    mutationKey: ['notes', 'add'],
    mutationFn: (text: string) => api.post('notes', { json: { text } }).json<Note>(),
    onMutate: async (text, { client }) => {
      await client.cancelQueries({ queryKey: notesKey })
      const note = optimisticNote(text)
      client.setQueryData(notesKey, (notes) => notes && [note, ...notes])
      return note
    },
    onError: (_error, _text, optimistic, { client }) => {
      // Only this note goes: another one may have been added meanwhile.
      client.setQueryData(notesKey, (notes) => notes?.filter(({ id }) => id !== optimistic?.id))
    },
    onSettled: (_note, _error, _text, _optimistic, { client }) => invalidateNotes(client),
  })
}

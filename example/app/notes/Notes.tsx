import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { useSession } from 'signoff'
import { errorMessage } from '../errorMessage.ts'
import { Failure } from '../Failure.tsx'
import { Heading } from '../Heading.tsx'
import { NoteForm } from './NoteForm.tsx'
import { NoteItem } from './NoteItem.tsx'
import { NoteLines } from './NoteLines.tsx'
import { notesQuery } from './notesQuery.ts'
import { useDeleteNote } from './useDeleteNote.ts'

export function Notes() {
  const notes = useQuery(notesQuery(useSession()))
  const deletion = useDeleteNote()
  const heading = useRef<HTMLHeadingElement>(null)

  function handleDelete(id: string) {
    deletion.mutate(id)
    // The button goes with its note, and the focus with the button.
    heading.current?.focus()
  }

  return (
    <section className="notes" aria-labelledby="notes-heading">
      <Heading id="notes-heading" ref={heading}>
        Notes
      </Heading>
      <NoteForm />
      {deletion.isError && (
        <p className="form-error" role="alert">
          The note was not deleted. {errorMessage(deletion.error)}
        </p>
      )}
      <div role="status">
        {notes.isPending && (notes.isPaused ? <p className="empty">You are offline.</p> : <NoteLines />)}
        {notes.data?.length === 0 && <p className="empty">An empty page. What is worth forgetting?</p>}
      </div>
      {notes.isError && !notes.data && (
        <Failure
          title="Your notes did not arrive."
          error={notes.error}
          heading={heading}
          onRetry={() => void notes.refetch()}
        />
      )}
      {notes.data && notes.data.length > 0 && (
        <ul className="note-list" role="list" aria-labelledby="notes-heading">
          {notes.data.map((note) => (
            <NoteItem key={note.id} note={note} onDelete={handleDelete} />
          ))}
        </ul>
      )}
    </section>
  )
}

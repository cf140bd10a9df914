import { useId } from 'react'
import type { Note } from './notesQuery.ts'
import { isOptimistic } from './optimisticNote.ts'

interface NoteItemProps {
  note: Note
  onDelete: (id: string) => void
}

export function NoteItem({ note, onDelete }: NoteItemProps) {
  const textId = useId()
  const isSaving = isOptimistic(note)

  return (
    <li className="note" aria-busy={isSaving}>
      <p id={textId}>{note.text}</p>
      <button
        type="button"
        className="note-delete"
        aria-label="Delete note"
        aria-describedby={textId}
        title="Delete note"
        disabled={isSaving}
        onClick={() => onDelete(note.id)}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path
            d="m4 4 8 8m0-8-8 8"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
          />
        </svg>
      </button>
    </li>
  )
}

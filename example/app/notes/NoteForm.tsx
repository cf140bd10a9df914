import { type SubmitEvent, useId, useState } from 'react'
import { errorMessage } from '../errorMessage.ts'
import { useAddNote } from './useAddNote.ts'

export function NoteForm() {
  const id = useId()
  const [draft, setDraft] = useState('')
  const addition = useAddNote()

  function handleSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const text = draft.trim()
    if (text === '') return
    setDraft('')
    addition.mutate(text, {
      // What could not be saved is not lost, unless the next note has been begun.
      onError: () => setDraft((current) => current || text),
    })
  }

  return (
    <form className="note-form" onSubmit={handleSubmit}>
      <label className="visually-hidden" htmlFor={id}>
        New note
      </label>
      <input
        id={id}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        placeholder="Write something down…"
        autoComplete="off"
        maxLength={500}
      />
      <button type="submit" className="button">
        Add note
      </button>
      <p className="form-error" role="alert">
        {addition.isError && `Your note was not saved. ${errorMessage(addition.error)}`}
      </p>
    </form>
  )
}

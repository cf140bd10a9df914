'use client'

import { useQuery } from '@tanstack/react-query'
import { SignedIn, useSession, useUser } from 'signoff'
import { notesOptions } from './auth.ts'

const NoteList = () => {
  const user = useUser()
  const notes = useQuery(notesOptions(useSession()))
  return (
    <main>
      {user?.email}: {notes.data?.join(', ')}
    </main>
  )
}

export const Notes = () => (
  <SignedIn fallback={<p>Loading …</p>}>
    <NoteList />
  </SignedIn>
)

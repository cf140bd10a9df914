import { useQuery } from '@tanstack/react-query'
import { authClient } from '../auth.ts'
import { NoteLines } from '../notes/NoteLines.tsx'
import { NotesSkeleton } from '../notes/NotesSkeleton.tsx'

/** The page while a stored token is checked, and what keeps the server from doing so. */
export function Restoring() {
  // The client asks, and asks again until it has an answer: here it is only watched.
  const { isPaused, failureReason } = useQuery({ ...authClient.userOptions, enabled: false })

  return (
    <NotesSkeleton>
      {isPaused && <p className="empty">You are offline.</p>}
      {!isPaused && failureReason && <p className="empty">The server does not answer. Trying again…</p>}
      {!isPaused && !failureReason && <NoteLines />}
    </NotesSkeleton>
  )
}

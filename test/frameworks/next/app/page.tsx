import { dehydrate } from '@tanstack/react-query'
import { cookies } from 'next/headers'
import { Suspense } from 'react'
import { memoryStorage } from 'signoff'
import { createApp, notesOptions } from './auth.ts'
import { Notes } from './Notes.tsx'
import { ServerState } from './ServerState.tsx'

const LoadedNotes = async () => {
  const stored = await cookies()
  const token = stored.get('token')?.value
  const storage = memoryStorage()
  if (token) storage.set(token)
  const { queryClient, authClient } = createApp(storage)
  if (token) {
    await Promise.all([
      queryClient.prefetchQuery({ ...authClient.userOptions, retry: false }),
      queryClient.prefetchQuery({ ...notesOptions(authClient.getSession()), retry: false }),
    ])
  }
  return (
    <ServerState state={dehydrate(queryClient)} of={stored.get('token-of')?.value}>
      <Notes />
    </ServerState>
  )
}

export default function Page() {
  return (
    <Suspense fallback={<p>Loading …</p>}>
      <LoadedNotes />
    </Suspense>
  )
}

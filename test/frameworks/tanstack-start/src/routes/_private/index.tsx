import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useSession } from 'signoff'
import { notesOptions } from '../../auth.ts'

const Notes = () => {
  const notes = useSuspenseQuery(notesOptions(useSession()))
  return <main>{notes.data.join(', ')}</main>
}

export const Route = createFileRoute('/_private/')({
  loader: async ({ context: { queryClient, authClient } }) => {
    await queryClient.ensureQueryData(notesOptions(authClient.getSession()))
  },
  component: Notes,
})

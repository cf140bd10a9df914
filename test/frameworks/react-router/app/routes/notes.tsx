import { useQuery } from '@tanstack/react-query'
import { useSession } from 'signoff'

export default function Notes() {
  const { api } = useSession()
  const notes = useQuery({
    queryKey: ['notes'],
    queryFn: ({ signal }) => api.get('notes', { signal }).json<string[]>(),
  })
  return <main>{notes.data?.join(', ')}</main>
}

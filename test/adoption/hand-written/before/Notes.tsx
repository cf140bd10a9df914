import { useQuery } from '@tanstack/react-query'
import { request } from './api.ts'
import { useAuth } from './auth.tsx'

export const Notes = () => {
  const { logout } = useAuth()
  const notes = useQuery({ queryKey: ['notes'], queryFn: () => request<string[]>('notes') })

  return (
    <main>
      <button onClick={logout}>Log out</button>
      {notes.isPending && <p>Loading notes …</p>}
      <ul>
        {notes.data?.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </main>
  )
}

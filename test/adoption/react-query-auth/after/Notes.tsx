import { useQuery } from '@tanstack/react-query'
import { request } from './api.ts'
import { useLogout } from './auth.ts'

export const Notes = () => {
  const logout = useLogout()
  const notes = useQuery({ queryKey: ['notes'], queryFn: () => request<string[]>('notes') })

  return (
    <main>
      <button onClick={() => logout.mutate(undefined)}>Log out</button>
      {notes.isPending && <p>Loading notes …</p>}
      <ul>
        {notes.data?.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </main>
  )
}

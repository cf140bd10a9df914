import { useQuery } from '@tanstack/react-query'
import { readNotes, readUsers } from './client/sdk.gen.ts'
import { useAuth } from './useAuth.ts'

export const Notes = () => {
  const { logout, user } = useAuth()
  const notes = useQuery({ queryKey: ['notes'], queryFn: () => readNotes() })
  const users = useQuery({ queryKey: ['users'], queryFn: () => readUsers(), enabled: false, retry: false })

  return (
    <main>
      <header>{user?.email}</header>
      <button onClick={logout}>Log out</button>
      <button onClick={() => void users.refetch()}>Admin</button>
      {users.isError && <p role="alert">Only for admins</p>}
      {notes.isPending && <p>Loading notes …</p>}
      <ul>
        {notes.data?.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </main>
  )
}

import { useQuery } from '@tanstack/react-query'
import { authClient, logOut } from './auth.ts'

export const Notes = () => {
  const notes = useQuery({
    queryKey: ['notes'],
    queryFn: () => authClient.getSession().api.get('notes').json<string[]>(),
  })

  return (
    <main>
      <button onClick={logOut}>Log out</button>
      {notes.isPending && <p>Loading notes …</p>}
      <ul>
        {notes.data?.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </main>
  )
}

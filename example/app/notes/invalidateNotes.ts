import type { QueryClient } from '@tanstack/react-query'
import { notesQuery } from './notesQuery.ts'

/** Fetches the notes again, unless another change is on its way: its optimistic version would flicker. */
export async function invalidateNotes(client: QueryClient): Promise<void> {
  const { queryKey } = notesQuery
  if (client.isMutating({ mutationKey: queryKey }) <= 1) await client.invalidateQueries({ queryKey })
}

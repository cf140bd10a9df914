import type { QueryClient } from '@tanstack/react-query'
import { notesKey } from './notesQuery.ts'

/** Fetches the notes again, unless another change is on its way: its optimistic version would flicker. */
export async function invalidateNotes(client: QueryClient): Promise<void> {
  if (client.isMutating({ mutationKey: notesKey }) <= 1)
    await client.invalidateQueries({ queryKey: notesKey })
}

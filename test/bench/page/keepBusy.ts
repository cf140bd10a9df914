import type { QueryClient } from '@tanstack/react-query'
import { persistQueryClientSubscribe } from '@tanstack/react-query-persist-client'
import { noteKey } from './Page.tsx'
import { privateText } from './look.ts'
import { persister } from './persister.ts'

const fetchLate = async (path: string): Promise<unknown> => {
  const response = await fetch(`/api/late/${path}`)
  if (!response.ok) throw new Error(response.statusText)
  return response.json()
}

/**
 * What an app may have under way as its user logs out: a query that ignores its signal, an optimistic mutation that
 * succeeds and one that fails, each a second later, and a throttled persister.
 */
export const keepBusy = (queryClient: QueryClient): void => {
  if (persister) persistQueryClientSubscribe({ queryClient, persister })
  const run = (path: string): void => {
    const mutation = queryClient.getMutationCache().build(queryClient, {
      mutationFn: () => fetchLate(path),
      onMutate: () => {
        const before = queryClient.getQueryData(noteKey(0))
        queryClient.setQueryData(noteKey(0), `${privateText} optimistic`)
        return before
      },
      onSuccess: (data) => {
        queryClient.setQueryData(['private', path], data)
      },
      onError: (_error, _variables, before) => {
        queryClient.setQueryData(noteKey(0), before)
      },
    })
    mutation.execute(undefined).catch(() => {})
  }
  run('succeeds')
  run('fails')
  queryClient
    .fetchQuery({ queryKey: ['private', 'late'], queryFn: () => fetchLate('answers'), retry: false })
    .catch(() => {})
}

import type { QueryClient } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'

const mutationFn = (): Promise<unknown> => Promise.reject(new Error('Forgotten'))

/** Empties a client, public data included, as TanStack Query documents it. Mount everything on screen anew afterwards. */
export const emptyClient = (client: QueryClient): void => {
  safely(() => {
    for (const mutation of client.getMutationCache().getAll())
      safely(() => mutation.setOptions({ mutationFn }))
  })
  void safely(() => client.cancelQueries())
  safely(() => client.clear())
}

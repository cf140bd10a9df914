import { QueryClientProvider } from '@tanstack/react-query'
import { createRouter, RouterProvider } from '@tanstack/react-router'
import { authClient } from './auth.ts'
import { client } from './client/client.gen.ts'
import { queryClient } from './queryClient.ts'
import { routeTree } from './routeTree.ts'

client.setConfig({
  baseUrl: location.origin,
  fetch: authClient.fetch,
})

const router = createRouter({ routeTree })
authClient.mount()
authClient.subscribe(() => void router.invalidate())

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={router} />
  </QueryClientProvider>
)

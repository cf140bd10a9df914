import { QueryClientProvider } from '@tanstack/react-query'
import { createRouter, RouterProvider } from '@tanstack/react-router'
import { client } from './client/client.gen.ts'
import { queryClient } from './queryClient.ts'
import { routeTree } from './routeTree.ts'

client.setConfig({
  baseUrl: location.origin,
  auth: () => localStorage.getItem('access_token') ?? '',
})

const router = createRouter({ routeTree })

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={router} />
  </QueryClientProvider>
)

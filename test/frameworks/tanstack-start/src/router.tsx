import { dehydrate, hydrate, QueryClientProvider } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { AuthProvider } from 'signoff'
import { createApp, getOwner } from './auth.ts'
import { routeTree } from './routeTree.gen.ts'

export const getRouter = () => {
  const app = createApp()
  const { queryClient, authClient } = app
  const router = createRouter({
    routeTree,
    context: app,
    defaultPendingComponent: () => <p>Loading …</p>,
    Wrap: ({ children }) => (
      <QueryClientProvider client={queryClient}>
        <AuthProvider client={authClient}>{children}</AuthProvider>
      </QueryClientProvider>
    ),
    // What the server has loaded, and whose it is.
    dehydrate: () => ({ of: getOwner(), queries: JSON.stringify(dehydrate(queryClient)) }),
    // Taken unless the user has logged out, or another one in, since the server was asked.
    hydrate: ({ of, queries }) => {
      if (of === getOwner()) hydrate(queryClient, JSON.parse(queries))
    },
  })

  // Another session, or none: the routes decide again where the visitor belongs, and the matches of before are dropped.
  let { token } = authClient.getState()
  if (typeof document !== 'undefined') {
    authClient.subscribe(() => {
      if (authClient.getState().token === token) return
      token = authClient.getState().token
      void router.invalidate().then(() => router.clearCache())
    })
  }
  return router
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof getRouter>
  }
}

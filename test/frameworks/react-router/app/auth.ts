import { QueryClient } from '@tanstack/react-query'
import { createAuthClient } from 'signoff'

export const baseUrl = import.meta.env.VITE_API_URL as string

const createApp = () => {
  const queryClient = new QueryClient()
  const authClient = createAuthClient<{ email: string }>({ baseUrl, queryClient })
  return { queryClient, authClient }
}

let inBrowser: ReturnType<typeof createApp> | undefined

/** What the app is made of: another one for each request on the server, one for the page in the browser. */
export const getApp = () => (typeof document === 'undefined' ? createApp() : (inBrowser ??= createApp()))

declare module 'signoff' {
  interface Register {
    client: ReturnType<typeof createApp>['authClient']
  }
}

import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { Await, Links, Meta, Outlet, Scripts, useLoaderData, useRevalidator } from 'react-router'
import { AuthProvider } from 'signoff'
import { baseUrl, getApp } from './auth.ts'

/** Public news. The page does not wait for them: they are streamed. */
export const loader = () => ({
  news: fetch(`${baseUrl}/announcements`).then((response) => response.json() as Promise<string[]>),
})

/** They are the same for everybody, so no change of session waits for them. */
export const shouldRevalidate = () => false

export const Layout = ({ children }: { children: ReactNode }) => (
  <html lang="en">
    <head>
      <meta charSet="utf-8" />
      <title>Notes</title>
      <link rel="icon" href="data:," />
      <Meta />
      <Links />
    </head>
    <body>
      {children}
      <Scripts />
    </body>
  </html>
)

export default function Root() {
  const { news } = useLoaderData<typeof loader>()
  const [{ queryClient, authClient }] = useState(getApp)
  const { revalidate } = useRevalidator()

  // Another session, or none: the loaders decide again where the visitor belongs.
  useEffect(() => {
    let { token } = authClient.getState()
    return authClient.subscribe(() => {
      if (authClient.getState().token === token) return
      token = authClient.getState().token
      void revalidate()
    })
  }, [authClient, revalidate])

  return (
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={authClient}>
        <Suspense fallback={<p>Loading news …</p>}>
          <Await resolve={news}>{(lines) => <p>{lines.join(', ')}</p>}</Await>
        </Suspense>
        <Outlet />
      </AuthProvider>
    </QueryClientProvider>
  )
}

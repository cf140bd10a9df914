'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { AuthProvider, memoryStorage } from 'signoff'
import { createApp } from './auth.ts'
import { cookieStorage } from './cookieStorage.ts'

let inBrowser: ReturnType<typeof createApp> | undefined

// What the server has sent stays in the document and in the router. Only another document has nothing of it.
const getApp = () =>
  typeof document === 'undefined'
    ? createApp(memoryStorage())
    : (inBrowser ??= createApp(cookieStorage, () => location.reload()))

export const Providers = ({ children }: { children: ReactNode }) => {
  const [{ queryClient, authClient }] = useState(getApp)
  return (
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={authClient}>{children}</AuthProvider>
    </QueryClientProvider>
  )
}

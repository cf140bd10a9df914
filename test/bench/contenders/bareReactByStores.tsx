import { QueryClientProvider } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, queryClient, readName, subscribe } from './bareReact.ts'

const useName = (): string | null => useSyncExternalStore(subscribe, readName)

openPage({
  queryClient,
  Providers: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  Guard: ({ children }) => (useName() ? children : null),
  useName,
  useLogout: () => logOut,
  logIn,
  get,
})

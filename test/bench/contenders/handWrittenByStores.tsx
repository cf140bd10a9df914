import { QueryClientProvider } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, queryClient, readUser, subscribe, type User } from './handWritten.ts'

// Each component that asks for the user subscribes itself: what state libraries make of it.

const useUser = (): User | null => useSyncExternalStore(subscribe, readUser)

openPage({
  queryClient,
  Providers: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  Guard: ({ children }) => (useUser() ? children : null),
  useName: () => useUser()?.name ?? null,
  useLogout: () => logOut,
  logIn,
  get,
})

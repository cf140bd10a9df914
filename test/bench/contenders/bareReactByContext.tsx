import { QueryClientProvider } from '@tanstack/react-query'
import { createContext, type JSX, type ReactNode, useContext, useSyncExternalStore } from 'react'
import { openPage } from '../page/openPage.tsx'
import { get, logIn, logOut, queryClient, readName, subscribe } from './bareReact.ts'

const NameContext = createContext<string | null>(null)

const NameProvider = ({ children }: { children: ReactNode }): JSX.Element => {
  const name = useSyncExternalStore(subscribe, readName)
  return <NameContext value={name}>{children}</NameContext>
}

const useName = (): string | null => useContext(NameContext)

openPage({
  queryClient,
  Providers: ({ children }) => (
    <QueryClientProvider client={queryClient}>
      <NameProvider>{children}</NameProvider>
    </QueryClientProvider>
  ),
  Guard: ({ children }) => (useName() ? children : null),
  useName,
  useLogout: () => logOut,
  logIn,
  get,
})

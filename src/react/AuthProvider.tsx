'use client'
import { createContext, type JSX, type ReactNode, useContext, useEffect, useMemo } from 'react'
import type { AuthClient } from '../core/AuthClient.ts'
import { createSnapshots, type Snapshots } from '../core/createSnapshots.ts'
import type { RegisteredClient, RegisteredUser } from '../Register.ts'

interface AuthContextValue {
  client: RegisteredClient
  snapshots: Snapshots<RegisteredUser>
}

const AuthContext = createContext<AuthContextValue | null>(null)

/** Props of {@link AuthProvider}. */
export interface AuthProviderProps<TUser, TCredentials, TDetails> {
  /** The client made by `createAuthClient`. */
  client: AuthClient<TUser, TCredentials, TDetails>
  children?: ReactNode
}

/**
 * Puts the client in context and mounts it (tab and page listeners, the check of a stored token) while on screen.
 *
 * Does not render anything of its own. The client's `queryClient` still needs its `<QueryClientProvider>`.
 */
export const AuthProvider = <TUser, TCredentials, TDetails>({
  client,
  children,
}: AuthProviderProps<TUser, TCredentials, TDetails>): JSX.Element => {
  // Which client is registered is known to the types alone.
  const registered = client as unknown as RegisteredClient
  const value = useMemo(
    () => ({ client: registered, snapshots: createSnapshots(registered.getState) }),
    [registered],
  )
  return (
    <AuthContext.Provider value={value}>
      <Mount client={registered} />
      {children}
    </AuthContext.Provider>
  )
}

/** The first child: its effect runs before those of its siblings, which may log in or out at once. */
const Mount = ({ client }: { client: RegisteredClient }): null => {
  useEffect(() => client.mount(), [client])
  return null
}

/** What the provider above gives; throws an Error where there is none. */
export const useAuthContext = (): AuthContextValue => {
  const value = useContext(AuthContext)
  if (!value) throw new Error('Render this inside <AuthProvider>')
  return value
}

/**
 * The client from context.
 *
 * @throws Error where there is no `<AuthProvider>` above.
 */
export const useAuthClient = (): RegisteredClient => useAuthContext().client

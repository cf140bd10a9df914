'use client'
import { Fragment, type JSX, type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { AuthClient } from '../client/AuthClient.ts'
import { createPendingHandle } from '../http/createPendingHandle.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import type { RegisteredClient } from '../Register.ts'
import { serverState } from '../session/AuthState.ts'
import { markOf, type StateMark } from '../session/createSession.ts'
import { ClientContext, KeyContext, SessionContext, TokenContext, UserContext } from './useAuthContext.ts'

/** Props of {@link AuthProvider}. */
export interface AuthProviderProps<TUser, TCredentials, TDetails> {
  /** The client made by `createAuthClient`. */
  client: AuthClient<TUser, TCredentials, TDetails>
  children?: ReactNode
}

const getServerMark = (): StateMark => markOf(serverState)

/**
 * Provides the client, and mounts it while on screen: it listens to other tabs and the page, and checks a stored token.
 *
 * Renders only its children. The client's `queryClient` still needs its `<QueryClientProvider>`.
 */
export const AuthProvider = <TUser, TCredentials, TDetails>({
  client,
  children,
}: AuthProviderProps<TUser, TCredentials, TDetails>): JSX.Element => {
  // Only the types know which client is registered.
  const registered = client as unknown as RegisteredClient
  // With one external store, React renders every change synchronously, also within a transition.
  const mark = useSyncExternalStore(registered.subscribe, () => markOf(registered.getState()), getServerMark)
  const pending = useMemo(() => createPendingHandle(registered.getSession), [registered])
  const session = mark === getServerMark() ? pending : registered.getSession()

  return (
    <ClientContext.Provider value={registered}>
      <SessionContext.Provider value={session}>
        <KeyContext.Provider value={mark.key}>
          <UserContext.Provider value={mark.user}>
            <TokenContext.Provider value={mark.token}>
              <Mount client={registered} session={session} />
              <Fragment key={mark.mount}>{children}</Fragment>
            </TokenContext.Provider>
          </UserContext.Provider>
        </KeyContext.Provider>
      </SessionContext.Provider>
    </ClientContext.Provider>
  )
}

interface MountProps {
  client: RegisteredClient
  session: SessionHandle
}

/** The first child, so that its effects run before those of its siblings, which may log in or out at once. */
const Mount = ({ client, session }: MountProps): null => {
  // From here on it is known whose session the first render showed. This binds the pending handle to it.
  useEffect(() => void session.signal, [session])
  useEffect(() => {
    client.mount()
    return () => client.unmount()
  }, [client])
  return null
}

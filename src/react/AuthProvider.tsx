'use client'
import {
  Fragment,
  type JSX,
  type ReactNode,
  useEffect,
  useImperativeHandle,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { AuthClient } from '../client/AuthClient.ts'
import { followEarly } from '../client/followEarly.ts'
import { createPendingHandle } from '../http/createPendingHandle.ts'
import type { SessionHandle } from '../http/createSessionHandles.ts'
import type { RegisteredClient } from '../Register.ts'
import { serverState } from '../session/AuthState.ts'
import { markOf, type StateMark } from '../session/StateMark.ts'
import { createCommitQueue, type CommitQueue } from './createCommitQueue.ts'
import { ClientContext, KeyContext, SessionContext, TokenContext, UserContext } from './useAuthContext.ts'

/** Props of {@link AuthProvider}. */
export interface AuthProviderProps<TUser, TCredentials, TDetails> {
  /** The client made by `createAuthClient`. */
  client: AuthClient<TUser, TCredentials, TDetails>
  children?: ReactNode
}

const getServerMark = (): StateMark => markOf(serverState)

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
  // One external store keeps every change in React's synchronous lane, also within a transition.
  const mark = useSyncExternalStore(registered.subscribe, () => markOf(registered.getState()), getServerMark)
  const pending = useMemo(() => createPendingHandle(registered.getSession), [registered])
  const [queue] = useState(createCommitQueue)
  useEffect(() => {
    const flush = (): void => {
      if (queue.isOpen() && markOf(registered.getState()) === mark) queue.flush()
    }
    // After the effects of all components, which give their queries the functions of this render: also of those around it.
    queueMicrotask(flush)
  }, [registered, queue, mark])
  const session = mark === getServerMark() ? pending : registered.getSession()

  return (
    <ClientContext.Provider value={registered}>
      <SessionContext.Provider value={session}>
        <KeyContext.Provider value={mark.key}>
          <UserContext.Provider value={mark.user}>
            <TokenContext.Provider value={mark.token}>
              <Mount client={registered} session={session} queue={queue} />
              <Fragment key={mark.mount}>{children}</Fragment>
              <Release client={registered} mark={mark} queue={queue} />
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
  mark: StateMark
  queue: CommitQueue
}

/** A function of its own: React Compiler takes what an effect reads of an object for something to read while rendering. */
const readSignal = ({ signal }: SessionHandle): unknown => signal

/** The first child, so that its effects run before those of its siblings, which may log in or out at once. */
const Mount = ({ client, session, queue }: Omit<MountProps, 'mark'>): null => {
  // From here on it is known whose session the first render showed, before any layout effect.
  useInsertionEffect(() => void readSignal(session), [session])
  // What their layout effects ask for is heard of. This is a layout effect of which React 18 does not warn on a server.
  const stopFollowing = useRef<() => void>(null)
  useImperativeHandle(stopFollowing, () => followEarly(client), [client])
  useEffect(() => {
    queue.open()
    client.mount(queue.add)
    stopFollowing.current?.()
  }, [client, queue])
  return null
}

/** The last child, so that its cleanup runs after those of its siblings, and before all effects, also of those around it. */
const Release = ({ client, mark, queue }: Omit<MountProps, 'session'>): null => {
  const committed = useRef(mark)
  useInsertionEffect(() => {
    committed.current = mark
  }, [mark])
  useEffect(
    () => () => {
      if (!queue.isOpen()) return
      const now = markOf(client.getState())
      if (now !== mark && now === committed.current) queue.flushEarly()
    },
    [client, mark, queue],
  )
  useEffect(
    () => () => {
      client.unmount()
      queue.close()
    },
    [client, queue],
  )
  return null
}

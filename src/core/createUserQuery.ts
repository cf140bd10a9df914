import { type Query, type QueryClient, QueryObserver } from '@tanstack/react-query'
import { RequestError } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { UserOptions } from './AuthClient.ts'
import type { Reader } from './createReader.ts'
import type { Send } from './createSender.ts'
import type { SessionMachine } from './session.ts'

export interface UserQueryOptions<TUser> {
  queryClient: QueryClient
  queryKey: UserOptions<TUser>['queryKey']
  send: Send
  reader: Reader<TUser>
  session: SessionMachine<TUser>
  /** Whether a component is there to see the user: a stored token is then checked at once. */
  isMounted: () => boolean
  isRejection: (response: Response) => boolean
  onRejection: () => void
}

export interface UserQuery<TUser> {
  /** TanStack options of the query. */
  userOptions: UserOptions<TUser>
  /** Takes the user over from the cache into the session. Returns whether that changed anything. */
  confirm: () => boolean
  /** Asks for the user of a token. Fails with `SessionEndedError` where the API refuses it. */
  request: (token: string, signal?: AbortSignal | null) => Promise<TUser>
  /** Keeps the query up to date (focus, reconnect) until `release`; asks for the user where it is not yet known. */
  observe: (user: TUser | null) => void
  /** Goes on to keep it up to date where the app has removed it from the cache. */
  keep: (removed: Query) => void
  release: () => void
  /** Releases, and lets nobody who awaits a refetch have the user of before. */
  forget: () => void
}

/** The user is server state: it lives in the query cache and is refetched like any query. */
export const createUserQuery = <TUser>(context: UserQueryOptions<TUser>): UserQuery<TUser> => {
  const { queryClient, queryKey, session } = context
  let observer: Pick<QueryObserver, 'destroy' | 'getCurrentQuery'> | undefined

  /** Sessions whose token the API has refused: whatever a retry option says, it is not sent again. */
  const refused = new WeakSet<AbortSignal>()

  const request: UserQuery<TUser>['request'] = async (token, signal = null) =>
    context.reader.readUser(await context.send('user', { token, signal, isRejection: context.isRejection }))

  const userOptions: UserOptions<TUser> = {
    queryKey,
    retry: (count, error) => count < 3 && error instanceof RequestError,
    queryFn: async ({ signal, client, queryKey: ownKey }) => {
      const { token } = session.getState()
      const ended = session.getSignal()
      if (token === null) throw new SignedOutError()
      if (refused.has(ended)) throw new SessionEndedError('rejected')
      try {
        return await request(token, AbortSignal.any([signal, ended]))
      } catch (error) {
        if (error instanceof SessionEndedError) {
          // Who waits for the query hears why it failed; only then is it forgotten, and its promise cancelled.
          refused.add(ended)
          const { promise } = client.getQueryCache().find({ queryKey: ownKey }) ?? {}
          void (promise ?? Promise.reject(error as Error)).catch(() => ended.aborted || context.onRejection())
        }
        throw error
      } finally {
        ended.throwIfAborted()
      }
    },
  }

  const release = (): void => {
    observer?.destroy()
    observer = undefined
  }

  const observe = (user: TUser | null): void => {
    release()
    if (user) queryClient.setQueryData(queryKey, user)
    if (!context.isMounted() || !session.getState().token) return
    const active = new QueryObserver(queryClient, {
      ...userOptions,
      // Nothing but a rejection ends a session, so a server that is down is asked until it answers.
      retry: (_count, error) => error instanceof RequestError,
      refetchOnMount: false,
    })
    active.subscribe(() => {})
    observer = active as Pick<typeof active, 'destroy'> as NonNullable<typeof observer>
  }

  return {
    userOptions,
    request,
    observe,
    keep: (removed) => {
      if (observer?.getCurrentQuery() === removed) observe(session.getState().user)
    },
    confirm: () => {
      const user = queryClient.getQueryData(queryKey)
      return !!user && session.confirm(user)
    },
    release,
    forget: () => {
      void queryClient.getQueryCache().find({ queryKey })?.cancel({ silent: true })
      release()
    },
  }
}

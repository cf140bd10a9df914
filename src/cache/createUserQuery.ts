import {
  type DataTag,
  type Query,
  type QueryClient,
  type QueryFunction,
  QueryObserver,
} from '@tanstack/react-query'
import { RequestError } from '../errors/RequestError.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import { SignedOutError } from '../errors/SignedOutError.ts'
import type { CallEndpoint } from '../http/createEndpointCaller.ts'
import { createLifetime } from '../http/createLifetime.ts'
import type { Parser } from '../http/createParser.ts'
import type { SessionMachine } from '../session/createSession.ts'

type UserQueryKey = readonly ['signoff', string, 'user']

/** TanStack `queryOptions` of the user. */
export interface UserOptions<TUser> {
  /** Belongs to one API: its `baseUrl` is part of it. */
  queryKey: DataTag<UserQueryKey, TUser, Error>
  /** Fails with `SignedOutError`, `SessionEndedError` or `RequestError`. */
  queryFn: QueryFunction<TUser, UserQueryKey>
  /** Three times, for a `RequestError` alone. */
  retry: (count: number, error: Error) => boolean
}

export interface UserQuery<TUser> {
  /** TanStack options of the query. */
  userOptions: UserOptions<TUser>
  isUserQuery: (query: Query) => boolean
  /** Takes the user over from the cache into the session. Returns whether that changed anything. */
  confirm: () => boolean
  /** Asks for the user of a token. Fails with `SessionEndedError` where the API refuses it. */
  request: (token: string, signal?: AbortSignal | null) => Promise<TUser>
  /** Keeps the query up to date (focus, reconnect) from now on until `stop`: somebody is there to see the user. */
  start: () => void
  stop: () => void
  /** A session has begun. Where its user is not yet known, the API is asked. */
  observe: (user: TUser | null) => void
  /** Lets nobody who awaits a refetch have the user of before. */
  forget: () => void
  /** Follows the cache. Returns a function that stops it. */
  watch: () => () => void
}

/** The user is server state: it lives in the query cache and is refetched like any query. */
export const createUserQuery = <TUser>(
  queryClient: QueryClient,
  baseUrl: string,
  session: SessionMachine<TUser>,
  callEndpoint: CallEndpoint,
  parser: Parser<TUser>,
): UserQuery<TUser> => {
  const cache = queryClient.getQueryCache()
  const queryKey = ['signoff', baseUrl, 'user'] as unknown as UserOptions<TUser>['queryKey']
  let isStarted = false
  let observer: { stop: () => void; getCurrentQuery: () => unknown } | undefined

  /** Sessions whose token the API has refused: whatever a retry option says, it is not sent again. */
  const refused = new WeakSet<AbortSignal>()

  const request: UserQuery<TUser>['request'] = async (token, signal = null) =>
    parser.readUser(await callEndpoint('user', { token, signal, isJudged: true }))

  const userOptions: UserOptions<TUser> = {
    queryKey,
    retry: (count, error) => count < 3 && error instanceof RequestError,
    queryFn: async ({ signal, client, queryKey: ownKey }) => {
      const { token } = session.getState()
      const ended = session.getScope().signal
      if (token === null) throw new SignedOutError()
      if (refused.has(ended)) throw new SessionEndedError('rejected')
      const lifetime = createLifetime([ended, signal])
      try {
        return await lifetime.hold(request(token, lifetime.signal))
      } catch (error) {
        if (error instanceof SessionEndedError && !ended.aborted) {
          // Who waits for the query hears why it failed; only then is it forgotten, and its promise cancelled.
          refused.add(ended)
          const { promise } = client.getQueryCache().find({ queryKey: ownKey }) ?? {}
          void (promise ?? Promise.reject(error as Error)).catch(() => session.reject(token))
        }
        throw error
      }
    },
  }

  const release = (): void => {
    observer?.stop()
    observer = undefined
  }

  const observe = (user: TUser | null): void => {
    release()
    if (user) queryClient.setQueryData(queryKey, user)
    if (!isStarted || session.isCurrent(null)) return
    const active = new QueryObserver(queryClient, {
      ...userOptions,
      // Nothing but a rejection ends a session, so a server that is down is asked until it answers.
      retry: (_count, error) => error instanceof RequestError,
      refetchOnMount: false,
    })
    observer = { stop: active.subscribe(() => {}), getCurrentQuery: active.getCurrentQuery.bind(active) }
  }

  const isUserQuery = ({ queryKey: key }: Query): boolean => key[0] === 'signoff' && key[1] === baseUrl

  const confirm = (): boolean => {
    const user = queryClient.getQueryData(queryKey)
    return !!user && session.confirm(user)
  }

  return {
    userOptions,
    isUserQuery,
    confirm,
    request,
    observe,

    start: () => {
      isStarted = true
      observe(null)
    },

    stop: () => {
      isStarted = false
      release()
    },

    forget: () => {
      void cache.find({ queryKey })?.cancel({ silent: true })
      release()
    },

    watch: () => {
      confirm()
      return cache.subscribe(({ type, query }) => {
        // The app has removed it from the cache: it is kept up to date all the same.
        if (type === 'removed' && observer?.getCurrentQuery() === query) observe(session.getState().user)
        if (type === 'updated' && isUserQuery(query) && confirm()) session.notify()
      })
    },
  }
}

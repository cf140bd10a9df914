import {
  type DataTag,
  type Query,
  type QueryClient,
  type QueryFunction,
  QueryObserver,
} from '@tanstack/react-query'
import { RequestError } from '../errors/RequestError.ts'
import { report } from '../errors/safely.ts'
import { SessionEndedError } from '../errors/SessionEndedError.ts'
import type { CallEndpoint } from '../http/createEndpointCaller.ts'
import { createLifetime } from '../http/createLifetime.ts'
import type { Parser } from '../http/createParser.ts'
import type { Refresher } from '../http/TokenRefresh.ts'
import type { SessionMachine } from '../session/SessionMachine.ts'
import { follow } from '../tanstack/withholdEvents.ts'
import { createUserRequest, type UserRequest } from './createUserRequest.ts'

type UserQueryKey = readonly ['signoff', string, 'user']

/** TanStack `queryOptions` of the user. */
export interface UserOptions<TUser> {
  /** Belongs to one API: the `baseUrl` is part of the key. */
  queryKey: DataTag<UserQueryKey, TUser>
  /** Fails with `SignedOutError`, `SessionEndedError` or `RequestError`. */
  queryFn: QueryFunction<TUser, UserQueryKey>
  /** Retries three times, and only a `RequestError`. */
  retry: (count: number, error: Error) => boolean
}

export interface UserQuery<TUser> {
  /** TanStack options of the query. */
  userOptions: UserOptions<TUser>
  isUserQuery: (query: Pick<Query, 'queryKey'>) => boolean
  /** Whether a query asks for the user, and waits for what is stored to be known. */
  isWaiting: (query: Pick<Query, 'queryKey'>) => boolean
  /** Copies the user from the cache into the session. Returns whether that changed anything. */
  confirm: () => boolean
  request: UserRequest<TUser>['request']
  /** Keeps the query up to date (focus, reconnect) until `stop`, because the user is on screen. */
  start: () => void
  stop: () => void
  /** A session has begun. If its user is not known yet, the API is asked. */
  observe: (user: TUser | null) => void
  /** Makes sure that code that awaits a refetch does not get the old user. */
  forget: () => void
  /** Follows the cache. Returns a function that stops that. */
  watch: () => () => void
}

/** The user is server state, so it lives in the query cache and is refetched like any query. */
export const createUserQuery = <TUser>(
  queryClient: QueryClient,
  baseUrl: string,
  session: SessionMachine<TUser>,
  callEndpoint: CallEndpoint,
  parser: Parser<TUser>,
  refresher: Pick<Refresher, 'prepare' | 'renew'> | undefined,
): UserQuery<TUser> => {
  const cache = queryClient.getQueryCache()
  const queryKey = ['signoff', baseUrl, 'user'] as unknown as UserOptions<TUser>['queryKey']
  let isStarted = false
  let waiting = 0
  let observer: { stop: () => void; getCurrentQuery: () => unknown } | undefined

  const { request, requestCurrent } = createUserRequest(session, callEndpoint, parser, refresher)

  const userOptions: UserOptions<TUser> = {
    queryKey,
    retry: (count, error) => count < 3 && error instanceof RequestError,
    // Whatever the app's defaults say: the user is stored nowhere.
    ...({ persister: undefined } as object),
    queryFn: async (context) => {
      // Before 5.66 a query does not tell its client.
      const { client = queryClient } = context as { client?: QueryClient }
      const { signal, queryKey: ownKey } = context
      const loading = session.whenKnown()
      if (loading) {
        waiting += 1
        await loading
        waiting -= 1
      }
      const ended = session.getScope().signal
      const lifetime = createLifetime([{ signal: ended }, { signal }])
      try {
        return await lifetime.hold(requestCurrent(lifetime.signal))
      } catch (error) {
        const { token } = session.getState()
        if (error instanceof SessionEndedError && !ended.aborted && token !== null) {
          // Code that awaits the query first gets the reason. Only then is the query forgotten, and its promise cancelled.
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
      // Whatever the app's defaults say.
      enabled: true,
      // Only a rejection ends a session. So a server that is down is asked until it answers.
      retry: (count, error) => {
        if (!(error instanceof RequestError)) return false
        // Neither the network nor the server has failed: no retry mends what the app's own function or the platform lacks.
        const isOwn = error.status === 0 && error.code !== 'timeout' && !error.cause
        if (count === 0 && isOwn) report(error)
        return true
      },
      refetchOnMount: false,
    })
    observer = { stop: active.subscribe(() => {}), getCurrentQuery: active.getCurrentQuery.bind(active) }
  }

  const isUserQuery: UserQuery<TUser>['isUserQuery'] = ({ queryKey: key }): boolean =>
    key[0] === 'signoff' && key[1] === baseUrl

  const confirm = (): boolean => {
    const user = queryClient.getQueryData(queryKey)
    return !!user && session.confirm(user)
  }

  return {
    userOptions,
    isUserQuery,
    isWaiting: (query) => waiting > 0 && isUserQuery(query),
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
      return follow(cache, (event) => {
        const { type, query } = event
        // If the app removes the query from the cache, it is still kept up to date.
        if (type === 'removed' && observer?.getCurrentQuery() === query) observe(session.getState().user)
        // A server's user, whom the app hydrates, comes with the query.
        if ((type !== 'added' && type !== 'updated') || !isUserQuery(query)) return
        const isAnswer = type === 'updated' && event.action.type === 'success' && !event.action.manual
        const user = queryClient.getQueryData(queryKey)
        // Only the API says that somebody else is signed in. What is written by hand, or comes with a page that was rendered
        // before, may be of the user before.
        if (!isAnswer && user && session.isAnother(user)) void queryClient.resetQueries({ queryKey })
        else if (confirm()) session.notify()
      })
    },
  }
}

import type { Mutation, Query } from '@tanstack/react-query'
import { attempt, report } from './attempt.ts'
import type { AuthClient, DefaultUser, UserOptions } from './AuthClient.ts'
import type { AuthClientOptions } from './AuthClientOptions.ts'
import { createApi } from './createApi.ts'
import { createHttp } from './createHttp.ts'
import { createLogin } from './createLogin.ts'
import { createLogout } from './createLogout.ts'
import { createPersistedCopy } from './createPersistedCopy.ts'
import { createPrivateMutations, type OwnCall } from './createPrivateMutations.ts'
import { createPrivateQueries } from './createPrivateQueries.ts'
import { createReader } from './createReader.ts'
import { createRevocation } from './createRevocation.ts'
import { createSender } from './createSender.ts'
import { createTabs } from './createTabs.ts'
import { createStore } from './createStore.ts'
import { createTransition, type End, type Transition } from './createTransition.ts'
import { createUserQuery } from './createUserQuery.ts'
import { createSession } from './session.ts'
import { webStorage } from './TokenStorage.ts'

/**
 * Makes an {@link AuthClient}: one per API, usually at module level; on a server one per request.
 *
 * Touches neither network nor storage until it is used. With a `userSchema` and no type arguments, `User` is inferred.
 */
export const createAuthClient = <TUser = DefaultUser, TCredentials = object, TDetails = object>(
  options: AuthClientOptions<TUser>,
): AuthClient<TUser, TCredentials, TDetails> => {
  const {
    queryClient,
    storage = webStorage('local', 'token'),
    isPublic = ({ meta }: Query | Mutation) => meta?.['public'] === true,
    isRejection = ({ status }: Response) => status === 401,
    scheduler = (flush) => setTimeout(flush),
    timeout = 10_000,
    // Looked up at each attempt: tools and tests replace `globalThis.fetch` after this module has loaded. Firefox takes
    // `keepalive` from no request: it is named.
    fetch = (request: Request) => globalThis.fetch(request, { keepalive: request.keepalive }),
  } = options
  const baseUrl = options.baseUrl.replace(/\/*$/, '/')
  const queryKey = ['signoff', baseUrl, 'user'] as unknown as UserOptions<TUser>['queryKey']
  const listeners = new Set<() => void>()
  let mounts = 0
  let stopWatching: (() => void) | undefined

  const store = createStore(storage, options.keepStorage)
  const session = createSession<TUser>(store)
  const http = createHttp(baseUrl, fetch, options.credentials)
  const send = createSender(http, fetch, timeout, options.endpoints)
  const reader = createReader(options)
  const isCurrent = (token: string): boolean => session.getState().token === token
  const revoke = createRevocation(send, isCurrent, options.endpoints?.logout !== null)

  const isMounted = (): boolean => mounts > 0
  const isPublicEntry = (entry: Query | Mutation): boolean => attempt(() => isPublic(entry)) === true
  const isUserQuery = ({ queryKey: key }: Query): boolean => key[0] === 'signoff' && key[1] === baseUrl
  const isPublicQuery = (query: Query): boolean => isPublicEntry(query) && !isUserQuery(query)

  const notify = (): void => listeners.forEach((listener) => attempt(listener))

  /** Ends the session here and in the other tabs, which leave the token to this one. */
  const end: End<TUser> = (reason, next, by) => {
    // Before, so that nobody asks who it was; and after, once React has committed, for storages that have no events.
    tabs.post('end', by)
    transition(reason, next)
    queueMicrotask(() => tabs.post('end', by))
  }

  /** Revokes a token that nobody asks about, unless it is the current one. What is sent again later is not told of yet. */
  const discard = (token: string): void => {
    if (!isCurrent(token))
      void revoke(token).then(({ error }) => error && error.code !== 'network' && report(error))
  }

  const startCall = (mutationFn: unknown): OwnCall | undefined => {
    if (mutationFn === client.logout) {
      let result: ReturnType<typeof client.logout>
      return {
        start: () => {
          result = client.logout()
        },
        run: () => result,
        isKept: () => true,
      }
    }
    const name = (['login', 'register'] as const).find((each) => client[each] === mutationFn)
    return name && login.call(name)
  }

  /** Does what the storage says: it is the truth between tabs. */
  const synchronize = (isTold = false): void => {
    const stored = store.read()
    const { token } = session.getState()
    if (stored === token) return
    transition('elsewhere', stored === null ? undefined : { token: stored, user: null })
    if (token === null) return
    if (stored === null) login.orphan()
    // Other code may have emptied the storage, or this tab alone have known the token: then nobody else revokes it.
    if (!isTold) tabs.askWhoEndedIt(() => discard(token))
  }

  const base = {
    ...options,
    baseUrl,
    queryKey,
    http,
    send,
    reader,
    revoke,
    discard,
    session,
    store,
    isRejection,
    onRejection: () => end('rejected', undefined, 0),
    end,
  }
  const userQuery = createUserQuery<TUser>({ ...base, isMounted })
  const queries = createPrivateQueries(queryClient, isPublicQuery, session)
  const mutations = createPrivateMutations(queryClient.getMutationCache(), isPublicEntry, startCall)
  const persisted = createPersistedCopy(options.persister, session, store)
  const carry = createTransition<TUser>({
    ...base,
    userQuery,
    queries,
    mutations,
    persisted,
    scheduler,
    notify,
  })
  const transition: Transition<TUser> = (reason, next) => {
    watch()
    carry(reason, next)
  }
  const tabs = createTabs(`signoff:${baseUrl}`, storage.scope, synchronize, (message) => login.hear(message))
  const login = createLogin<TUser>({ ...base, userQuery, tabs, transition, synchronize })
  const logout = createLogout<TUser>(base)

  /** Follows the caches: what the user query says, what is written while nobody is signed in. */
  const watch = (): void => {
    if (stopWatching) return
    const stops = [
      mutations.watch(),
      queries.watch(),
      queryClient.getQueryCache().subscribe(({ type, query }) => {
        if (type === 'removed') userQuery.keep(query)
        if (type === 'updated' && isUserQuery(query) && userQuery.confirm()) notify()
      }),
    ]
    stopWatching = () => stops.forEach((stop) => stop())
    userQuery.confirm()
  }

  const client: AuthClient<TUser, TCredentials, TDetails> = {
    api: createApi(base),
    userOptions: userQuery.userOptions,

    getState: () => {
      if (!stopWatching) userQuery.confirm()
      return session.getState()
    },

    subscribe: (listener) => {
      listeners.add(listener)
      watch()
      return () => listeners.delete(listener)
    },

    login: (credentials) => login.signIn('login', credentials),
    register: (details) => login.signIn('register', details),
    setSession: login.setSession,

    logout: () => {
      login.outdate('logout')
      tabs.post('logout')
      return logout()
    },

    mount: () => {
      mounts += 1
      if (mounts > 1) return client.unmount
      watch()
      tabs.open()
      store.warm()
      synchronize()
      userQuery.observe(null)
      return client.unmount
    },

    unmount: () => {
      if (isMounted()) mounts -= 1
      if (isMounted()) return
      tabs.close()
      userQuery.release()
      stopWatching?.()
      stopWatching = undefined
    },
  }
  return client
}

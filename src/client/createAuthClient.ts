import { createLeftTab } from '../browser/createLeftTab.ts'
import { createTabs } from '../browser/createTabs.ts'
import { createTokenStore } from '../browser/createTokenStore.ts'
import { webStorage } from '../browser/TokenStorage.ts'
import { createCacheWatch } from '../cache/createCacheWatch.ts'
import { createIsPublic } from '../cache/createIsPublic.ts'
import { createPersistedCopy } from '../cache/createPersistedCopy.ts'
import { createPrivateMutations, type OwnCalls } from '../cache/createPrivateMutations.ts'
import { createPrivateQueries } from '../cache/createPrivateQueries.ts'
import { createSharingHint } from '../cache/createSharingHint.ts'
import { createUserQuery } from '../cache/createUserQuery.ts'
import { createAuthorize, createIsRejection } from '../http/authorize.ts'
import { createEndpointCaller } from '../http/createEndpointCaller.ts'
import type { Endpoints } from '../http/Endpoint.ts'
import { createHttp, sendByFetch, sendUnredirected } from '../http/createHttp.ts'
import { createParser } from '../http/createParser.ts'
import { createRefusal } from '../http/createRefusal.ts'
import { createRevocation } from '../http/createRevocation.ts'
import { createSessionFetch } from '../http/createSessionFetch.ts'
import { createSendFor, createSessionHandles } from '../http/createSessionHandles.ts'
import { createSession } from '../session/createSession.ts'
import { createIsSameUser } from '../session/isSameUser.ts'
import { createInternals } from '../tanstack/createInternals.ts'
import type { AuthClient, DefaultUser } from './AuthClient.ts'
import type { AuthClientOptions } from './AuthClientOptions.ts'
import { createCommit } from './createCommit.ts'
import { createEndedSessions } from './createEndedSessions.ts'
import { createFarewell } from './createFarewell.ts'
import { allowEarly } from './followEarly.ts'
import { createLifecycle } from './createLifecycle.ts'
import { createLogin } from './createLogin.ts'
import { createLogout } from './createLogout.ts'
import { createRenewal } from './createRenewal.ts'
import { createRestore } from './createRestore.ts'
import { createSessionSwitch } from './createSessionSwitch.ts'
import { createTabOrder } from './createTabOrder.ts'

/**
 * Makes an {@link AuthClient}: one for each API, usually at module level; on a server one for each request.
 *
 * Touches neither network nor storage until it is used. With a `userSchema` and no type arguments, `User` is inferred.
 */
export const createAuthClient = <TUser = DefaultUser, TCredentials = object, TDetails = object>(
  options: AuthClientOptions<TUser, TCredentials, TDetails>,
): AuthClient<TUser, TCredentials, TDetails> => {
  const {
    queryClient,
    credentials,
    persister,
    storage = webStorage('local', 'token'),
    scheduler = (flush) => setTimeout(flush),
    timeout = 10_000,
    fetch = sendByFetch,
    refresh,
  } = options
  const baseUrl = options.baseUrl.replace(/\/*$/, '/')
  const isSameUser = createIsSameUser(options.isSameUser)
  const endpoints = options.endpoints as Partial<Endpoints> | undefined

  const store = createTokenStore(storage, baseUrl, options.keepStorage, refresh?.codec)
  const name = `signoff:${baseUrl}:${storage.key ?? ''}`
  const tabs = createTabs(name, storage)
  const session = createSession(store, isSameUser, options.guests)
  const internals = createInternals(queryClient, session)

  const http = createHttp(baseUrl, fetch, credentials)
  const isRejection = createIsRejection(options.isRejection, timeout)
  const authorize = createAuthorize(baseUrl, options, isRejection, () => order.adoptRenewal())
  const sendCredentials = options.fetch ?? sendUnredirected
  const allEndpoints = refresh ? { ...endpoints, refresh: refresh.endpoint } : endpoints
  const callEndpoint = createEndpointCaller(http, sendCredentials, authorize, timeout, allEndpoints)
  const parser = createParser(options, timeout)
  const refresher = refresh?.connect({
    session,
    store,
    load: () => restore(false),
    renew: (tokens) => sessionSwitch.renew(tokens),
    showUser: (user) => userQuery.observe(user),
    synchronize: () => order.synchronize(),
    callEndpoint,
    parser,
    revoke: (tokens) => revoke(tokens),
    lockName: storage.scope ? undefined : name,
    timeout,
  })
  const refuse = createRefusal(session, refresher)
  const revoker = createRevocation(callEndpoint, session, endpoints, isRejection, refresher)
  const { claim, revoke, revokeStray } = revoker
  const sessionFetch = createSessionFetch(baseUrl, authorize, session, refuse, refresher)
  const sendFor = createSendFor(http, fetch, sessionFetch, credentials)

  const isNobodys = (): boolean => session.isCurrent(null)
  const commit = createCommit()
  const whose = { ...commit, isNobodys }
  const isPublic = createIsPublic(options.isPublic)
  const ownCalls: OwnCalls = new Map()
  const userQuery = createUserQuery(queryClient, baseUrl, session, callEndpoint, parser, refresher)
  const queries = createPrivateQueries(queryClient, isPublic, userQuery, session, commit, internals)
  const mutations = createPrivateMutations(queryClient.getMutationCache(), isPublic, ownCalls, whose, () => {
    // What is written while nobody is signed in is watched.
    if (!isNobodys()) internals.sweep()
  })
  const persisted = createPersistedCopy(persister, baseUrl, isPublic, userQuery, session, store, mutations)
  const sharing = createSharingHint(queryClient, name, !options.isPublic)
  const cacheWatch = createCacheWatch([mutations, queries, userQuery], persisted, mutations.adopt)
  const endedSessions = createEndedSessions()
  const sessionSwitch = createSessionSwitch<TUser>(
    {
      session,
      store,
      tabs,
      endedSessions,
      userQuery,
      queries,
      mutations,
      persisted,
      cacheWatch,
      internals,
      commit,
      scheduler,
    },
    options,
  )
  const order = createTabOrder(session, store, tabs, sessionSwitch, endedSessions, revokeStray)
  const restore = createRestore(session, store, order, revokeStray)
  session.handle({
    load: () => restore(false),
    end: () => sessionSwitch.end('rejected', undefined, 0),
    replace: (next) =>
      sessionSwitch.after(() => {
        // Another tab may have stored another token since the answer was asked for. That counts.
        order.synchronize()
        if (session.isCurrent(next.tokens.token)) sessionSwitch.switch('replaced', next)
      }),
  })
  const farewell = createFarewell(options.beforeRevoke, claim, baseUrl, authorize, fetch, timeout)
  /** What other tabs and the app's own code have done, nobody has told a client that nobody follows. */
  const look = (): void => {
    if (cacheWatch.isFollowed() || sessionSwitch.isOn()) return
    order.synchronize()
    userQuery.confirm()
  }
  const parts = {
    session,
    sessionSwitch,
    restore,
    isUnread: store.isUnread,
    store,
    order,
    tabs,
    commit,
    userQuery,
    internals,
    cacheWatch,
    callEndpoint,
    parser,
    sendFor,
    revoke,
    revokeStray,
    farewell,
    ownCalls,
    findCall: mutations.findCall,
    look,
    isSameUser,
    timeout,
  }
  const login = createLogin(parts)
  const logout = createLogout({
    ...parts,
    isLong: !!(options.beforeRevoke ?? refresher),
    canEndAll: endpoints?.logoutEverywhere !== undefined,
  })
  const lifecycle = createLifecycle({
    ...parts,
    watchers: [...(refresher ? [refresher] : []), sharing, createLeftTab(name, storage, options, store)],
  })

  allowEarly(userQuery, cacheWatch.follow)
  return {
    ...sendFor(() => (isNobodys() ? undefined : commit.getHeld()) ?? session.getScope()),
    ...login,
    ...lifecycle,
    logout,
    renewSession: createRenewal({ ...parts, setSession: login.setSession }),
    getSession: createSessionHandles(sendFor, session),
    getSignal: () => session.getScope().signal,
    rejectToken: (token) => void refuse(token).catch(() => {}),
    userOptions: userQuery.userOptions,

    getState: () => {
      look()
      return session.getState()
    },

    subscribe: (listener) => {
      const stops = [cacheWatch.follow(), session.subscribe(listener)]
      return () => stops.forEach((stop) => stop())
    },
  }
}

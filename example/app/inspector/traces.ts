import { notifyManager } from '@tanstack/react-query'
import { authClient, queryClient } from '../auth.ts'
import { requests } from '../requests.ts'
import { type Refreshes, refreshes } from './refreshes.ts'
import { storageKeys } from './storageKeys.ts'
import { readStoredTokens } from './readStoredTokens.ts'

export interface QueryTrace {
  id: string
  status: string
  fetchStatus: string
  observers: number
}

export interface MutationTrace {
  id: number
  key: string
  status: string
}

/** What exists of the user in this tab, without a word of theirs: names, counts and lengths. */
export interface Traces {
  status: 'restoring' | 'signed-in' | 'signed-out'
  reason: string | null
  hasUser: boolean
  tokenLength: number
  /** Until the access token expires; `null` where the API does not say. */
  secondsLeft: number | null
  hasRefreshToken: boolean
  refreshes: Refreshes
  localKeys: string[]
  sessionKeys: string[]
  privateQueries: QueryTrace[]
  publicQueries: QueryTrace[]
  mutations: MutationTrace[]
  requests: string[]
}

let current: Traces | undefined
let currentFingerprint = ''

/** What exists now. The same object until something changes. */
export function getTraces(): Traces {
  const traces = observe()
  const fingerprint = JSON.stringify(traces)
  if (current && fingerprint === currentFingerprint) return current
  currentFingerprint = fingerprint
  current = traces
  return traces
}

export function subscribeToTraces(listener: () => void): () => void {
  // Queries are made while components render, when no other component may be told to.
  const notify = notifyManager.batchCalls(listener)
  // A tab hears of no change that it, or a person in its developer tools, makes to its own storage.
  const timer = setInterval(notify, 1_000)
  const unsubscribe = [
    authClient.subscribe(notify),
    queryClient.getQueryCache().subscribe(notify),
    queryClient.getMutationCache().subscribe(notify),
    requests.subscribe(notify),
    refreshes.subscribe(notify),
  ]
  return () => {
    clearInterval(timer)
    for (const stop of unsubscribe) stop()
  }
}

export function countTokens({ tokenLength, hasRefreshToken }: Traces): number {
  return Number(tokenLength > 0) + Number(hasRefreshToken)
}

/** How many things there are that would not be there without the user. */
export function countTraces(traces: Traces): number {
  return (
    Number(traces.hasUser) +
    countTokens(traces) +
    traces.localKeys.length +
    traces.sessionKeys.length +
    traces.privateQueries.length +
    traces.mutations.length +
    traces.requests.length
  )
}

function observe(): Traces {
  const state = authClient.getState()
  const stored = readStoredTokens()
  const expiresAt = stored?.expiresAt ?? null
  const queries = queryClient.getQueryCache().getAll()
  const mutations = queryClient.getMutationCache().getAll()
  const isPublic = ({ meta }: { meta: Record<string, unknown> | undefined }) => meta?.['public'] === true

  return {
    status: state.status,
    reason: state.status === 'signed-out' ? state.reason : null,
    hasUser: state.user !== null,
    tokenLength: state.token?.length ?? 0,
    secondsLeft: expiresAt === null ? null : Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000)),
    hasRefreshToken: stored?.hasRefreshToken ?? false,
    refreshes: refreshes.get(),
    localKeys: storageKeys('localStorage'),
    sessionKeys: storageKeys('sessionStorage'),
    privateQueries: queries.filter((query) => !isPublic(query)).map(toQueryTrace),
    publicQueries: queries.filter(isPublic).map(toQueryTrace),
    mutations: mutations
      .filter((mutation) => !isPublic(mutation))
      .map(({ mutationId, options, state: { status } }) => ({
        id: mutationId,
        key: options.mutationKey?.join(' ') ?? 'no key',
        status,
      })),
    requests: requests.get().map(({ path }) => path),
  }
}

type CachedQuery = ReturnType<ReturnType<typeof queryClient.getQueryCache>['getAll']>[number]

function toQueryTrace(query: CachedQuery): QueryTrace {
  return {
    id: query.queryHash,
    status: query.state.status,
    fetchStatus: query.state.fetchStatus,
    observers: query.getObserversCount(),
  }
}

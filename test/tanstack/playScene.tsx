import { render, waitFor } from '@testing-library/react'
import { memo, useState } from 'react'
import { vi } from 'vitest'
import { deferred } from '../support/apiServer.ts'
import type { Kit } from './loadKit.ts'

const ada = { email: 'ada@example.com', password: 'correct horse' }
const bob = { email: 'bob@example.com', password: 'battery staple' }

const tokenOf = ({ email }: { email: string }) => `token-of-${email}`

/** An API in this process, whose tokens tell their users. */
const answer = async (request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url)
  if (pathname === '/auth/login') {
    const { email } = (await request.json()) as typeof ada
    return Response.json({ token: tokenOf({ email }), user: { email } })
  }
  const email = request.headers.get('Authorization')?.replace('Bearer token-of-', '')
  return pathname === '/auth/user' ? Response.json({ email }) : Response.json({})
}

/** Lets all that is under way come to rest: nothing here waits for anything outside this process. */
const settle = async (isOver: () => boolean = () => false) => {
  for (let round = 0; round < 50 && !isOver(); round += 1) await new Promise((resolve) => setTimeout(resolve))
}

/** A logout tells whose it was, until somebody else is there. */
const isLogout = (data: unknown) => Object(data).revoked !== undefined

/** How Ada's session begins, and what ends it. */
export interface Plot {
  start: 'login' | 'stored token'
  end: 'logout' | 'login of another'
}

export interface Outcome {
  /** Where something of Ada's was found that should not be there, and whatever else went wrong. */
  faults: string[]
  /** The callbacks that were called for Ada's mutations: of the mutations, of the cache. */
  called: string[]
  /** What was said by `console.error`. */
  told: unknown[]
  /** Whether public data stayed in the cache. */
  isPublicKept: boolean
}

/** Ada uses an app and leaves it in the middle of everything; then Bob uses it. */
export const playScene = async (kit: Kit, { start, end }: Plot): Promise<Outcome> => {
  const faults = new Set<string>()
  const called = new Set<string>()
  const call = (name: string, data: unknown) => {
    if (JSON.stringify(data)?.includes(ada.email)) called.add(name)
  }
  const callCache = (data: unknown, failure: unknown) => {
    if (!isLogout(data)) call('of the cache', [data, failure])
  }
  const queryClient = new kit.QueryClient({
    defaultOptions: { queries: { retry: false } },
    mutationCache: new kit.MutationCache({ onSuccess: callCache, onError: callCache, onSettled: callCache }),
  })
  const client = kit.createAuthClient<{ email: string }, typeof ada>({
    baseUrl: 'https://api.example.com',
    queryClient,
    fetch: answer,
  })

  const late: (() => void)[] = []
  const ask = async (name: string) => {
    const { token } = client.getState()
    if (token === null) throw new Error('Nobody is signed in')
    return `${name} of ${token}`
  }
  const askLate = async (name: string, fails = false) => {
    const result = await ask(name)
    if (!result.includes(ada.email)) return result
    const { promise, resolve } = deferred()
    late.push(resolve)
    await promise
    if (fails) throw new Error(result)
    return result
  }
  const saving = (fails: boolean) => ({
    mutationFn: (variables: string) => askLate(variables, fails),
    onMutate: async () => {
      const previous = queryClient.getQueryData<string>(['shown'])
      queryClient.setQueryData(['shown'], `hoped for by ${ada.email}`)
      return previous
    },
    onSuccess: (data: string) => {
      call('of a mutation', data)
      queryClient.setQueryData(['saved'], data)
    },
    onError: (_error: Error, variables: string, previous: string | undefined) => {
      call('of a mutation', variables)
      queryClient.setQueryData(['shown'], previous)
    },
    onSettled: (_data: unknown, _error: unknown, variables: string) => call('of a mutation', variables),
  })

  const useShown = () =>
    kit.useQuery({
      queryKey: ['shown'],
      queryFn: () => ask('shown'),
      staleTime: Infinity,
      select: (text) => ({ text }),
    }).data?.text
  const news = vi.fn(async () => 'public news')
  const entered = vi.fn()
  const left = vi.fn()

  /** Knows nothing of signoff. */
  const Note = memo(() => <p>{useShown()}</p>)
  const Door = () => {
    const login = kit.useLogin({ onSuccess: entered }) as {
      mutate: (credentials: typeof bob) => void
      variables?: typeof bob
    }
    const logout = kit.useLogout({ onSuccess: left })
    return (
      <>
        <button id="in" onClick={() => login.mutate(bob)} />
        <button id="out" onClick={() => logout.mutate()} />
        {login.variables?.password}
      </>
    )
  }
  const Page = () => {
    const user = kit.useUser() as { email: string } | null
    const [page, setPage] = useState(1)
    const kept = kit.useQuery({
      queryKey: ['kept', page],
      queryFn: () => (page === 1 ? ask('kept') : askLate('kept')),
      placeholderData: kit.keepPreviousData,
    })
    const inFlight = kit.useQuery({ queryKey: ['in flight'], queryFn: () => askLate('in flight') })
    const open = kit.useQuery({
      queryKey: ['news'],
      queryFn: news,
      staleTime: Infinity,
      meta: { public: true },
    })
    const save = kit.useMutation<string, Error, string, string | undefined>(saving(false))
    const failingSave = kit.useMutation<string, Error, string, string | undefined>(saving(true))
    const act = () => {
      setPage(2)
      save.mutate(`saving of ${user?.email}`, { onSuccess: (data) => call('of a call', data) })
      failingSave.mutate(`failing of ${user?.email}`, {
        onError: (error) => call('of a call', error.message),
      })
    }
    return (
      <main>
        <button id="act" onClick={act}>
          {user?.email}
        </button>
        {[useShown(), kept.data, inFlight.data, open.data].join()}
        {[save.variables, save.data, failingSave.variables, failingSave.error?.message].join()}
      </main>
    )
  }

  if (start === 'stored token') localStorage.setItem('token', tokenOf(ada))
  const { container, unmount } = render(
    <kit.QueryClientProvider client={queryClient}>
      <Note />
      <kit.AuthProvider client={client}>
        <Page />
        <Note />
        <Door />
      </kit.AuthProvider>
    </kit.QueryClientProvider>,
  )
  const click = (id: string) => container.querySelector<HTMLElement>(`#${id}`)?.click()
  const isShown = (...texts: string[]) => texts.every((text) => container.textContent?.includes(text))
  const note = (fault: string, isFault: boolean) => void (isFault && faults.add(fault))
  const readQueries = () =>
    JSON.stringify(
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ queryKey, state }) => [queryKey, state]),
    )
  const look = (when: string) => {
    const contents = {
      screen: Array.from(container.childNodes)
        .slice(1)
        .map(({ textContent }) => textContent)
        .join(),
      'above the provider': container.querySelector('p')?.textContent ?? '',
      storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      queries: readQueries(),
      mutations: JSON.stringify(
        queryClient
          .getMutationCache()
          .getAll()
          .flatMap(({ state }) => (isLogout(state.data) && when !== 'under Bob' ? [] : [state])),
      ),
    }
    for (const [where, content] of Object.entries(contents))
      note(`${where} ${when}`, content.includes(ada.email))
  }
  const answerLate = async () => {
    for (const resolve of late.splice(0)) resolve()
    await settle()
  }

  if (start === 'login') await client.login(ada)
  await waitFor(() => {
    const notes = Array.from(container.querySelectorAll('p'), ({ textContent }) => textContent)
    // The component above the provider follows no login where the client is emptied.
    if (start === 'login') notes.shift()
    if (!isShown(ada.email, `kept of ${tokenOf(ada)}`, 'public news') || notes.includes(''))
      throw new Error('Not yet')
  })
  const copy = kit.dehydrate(queryClient)
  click('act')
  queryClient.setQueryData([`notes of ${ada.email}`], `unseen of ${ada.email}`)
  queryClient.prefetchQuery({ queryKey: ['unseen'], queryFn: () => askLate('unseen') }).catch(() => {})
  const observer = new kit.MutationObserver<string, Error, string, string | undefined>(
    queryClient,
    saving(false),
  )
  observer.mutate(`unseen saving of ${ada.email}`).catch(() => {})
  await waitFor(() => {
    if (late.length < 6 || !isShown(`kept of ${tokenOf(ada)}`, 'saving of', 'failing of'))
      throw new Error('Not yet')
  })

  try {
    if (end === 'logout') {
      const over = start === 'login' ? client.logout() : click('out')
      await Promise.resolve()
      note('state', client.getState().status !== 'signed-out')
      look('at once')
      await over
      queryClient.setQueryData(['shown'], `restored of ${ada.email}`)
      queryClient.setQueryData(['restored'], `restored of ${ada.email}`)
      kit.hydrate(queryClient, copy)
      void queryClient.refetchQueries({ predicate: ({ meta }) => !meta?.['public'] })
      await settle()
      look('after a late write')
      await answerLate()
      look('after late answers')
      note('storage is not empty', localStorage.length + sessionStorage.length > 0)
      if (start !== 'login') note('the logout is not told', left.mock.calls.length !== 1)
    }
    if (start === 'login') await client.login(bob)
    else click('in')
    await settle(() => client.getState().user?.email === bob.email)
    await Promise.resolve()
    note('state', client.getState().user?.email !== bob.email)
    look('at once under Bob')
    await answerLate()
    const isBobs = () =>
      isShown(bob.email, `shown of ${tokenOf(bob)}`, `in flight of ${tokenOf(bob)}`, 'public news')
    await settle(isBobs)
    note('Bob sees not his own', !isBobs())
    look('under Bob')
    const mutations = queryClient.getMutationCache().getAll()
    note(
      'the password is still there',
      JSON.stringify([container.innerHTML, mutations.map(({ state }) => state)]).includes(bob.password),
    )
    if (start !== 'login') note('the login is not told', entered.mock.calls.length !== 1)
    await client.logout()
    await settle()
    note('Bob is still there', `${container.innerHTML}${readQueries()}`.includes(bob.email))
  } catch (error) {
    faults.add(`it throws ${String(error)}`)
  }
  const isPublicKept = news.mock.calls.length === 1
  unmount()
  queryClient.clear()
  const told = vi.mocked(console.error).mock.calls.map(([message]) => message as unknown)
  vi.mocked(console.error).mockClear()
  localStorage.clear()
  return { faults: [...faults], called: [...called], told, isPublicKept }
}

import { countListeners } from './listeners.ts'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { AuthProvider, createAuthClient, SignedIn, useSession, useUser } from 'signoff'
import type { User } from './Notebook.tsx'

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
const client = createAuthClient<User>({ baseUrl: '/api', queryClient })

const root = `${window.location.origin}/api`

/** What a session must not keep. */
const responses = new Set<WeakRef<Response>>()

const seen = (response: Response): Response => {
  responses.add(new WeakRef(response))
  return response
}

const ignore = (): void => {}

const soon = (): AbortSignal => {
  const controller = new AbortController()
  setTimeout(() => controller.abort())
  return controller.signal
}

const kinds: (() => Promise<unknown>)[] = [
  () => client.api('notes').json(),
  async () => seen(await client.api('notes')).text(),
  async () => seen(await client.fetch(`${root}/notes`)).json(),
  async () => seen(await client.fetch(`${root}/notes`)),
  () => client.getSession().api('notes').json(),
  () => client.api('missing').catch(ignore),
  () => client.api.post('notes', { json: { text: 'a note' } }).json(),
  async () => {
    const response = seen(await client.fetch(`${root}/notes`))
    return Promise.all([seen(response.clone()).text(), response.text()])
  },
  async () => {
    const reader = seen(await client.fetch(`${root}/notes`)).body?.getReader()
    while (!(await reader?.read())?.done);
  },
  async () => seen(await client.fetch(`${root}/notes`)).body?.cancel(),
  async () => {
    const { fetch, signal } = client.getSession()
    return seen(await fetch(`${root}/notes`, { signal })).text()
  },
  async () => {
    const { api, signal } = client.getSession()
    return seen(await api('notes', { signal })).text()
  },
  () => client.fetch(`${root}/notes`, { signal: soon() }).catch(ignore),
  () => client.api('notes', { signal: soon() }).json().catch(ignore),
]

const logIn = (email: string) => client.login({ email, password: 'correct horse' })

const soak = {
  logIn: async (): Promise<void> => {
    await logIn('ada@example.com')
  },
  /** Several at a time, as many as a browser opens connections. */
  request: async (times: number): Promise<void> => {
    let index = 0
    const run = async (): Promise<void> => {
      while (index < times) {
        index += 1
        await kinds[index % kinds.length]?.()
      }
    }
    await Promise.all(Array.from({ length: 6 }, run))
    performance.clearResourceTimings()
  },
  refetch: async (times: number): Promise<void> => {
    const { queryKey } = client.userOptions
    for (let index = 0; index < times; index += 1) await queryClient.refetchQueries({ queryKey })
    performance.clearResourceTimings()
  },
  replace: async (times: number): Promise<void> => {
    for (let index = 0; index < times; index += 1) await logIn(`user-${index}@example.com`)
    performance.clearResourceTimings()
  },
  /** Milliseconds until nothing of the user is left here. */
  logOut: async (): Promise<number> => {
    const start = performance.now()
    const logout = client.logout()
    const duration = performance.now() - start
    await logout
    return duration
  },
  listeners: (): number =>
    countListeners(client.getSignal()) + countListeners(window) + countListeners(document),
  /** The responses that are still alive: exact after garbage was collected. */
  survivors: (): number => {
    for (const reference of responses) if (!reference.deref()) responses.delete(reference)
    return responses.size
  },
  isSignedIn: (): boolean => client.getState().status === 'signed-in',
}

export type Soak = typeof soak

Object.assign(window, { soak })

const Notes = () => {
  const user = useUser()
  const { api } = useSession()
  const { data } = useQuery({
    queryKey: ['notes'],
    queryFn: ({ signal }) => api('notes', { signal }).json<string[]>(),
  })
  return <p>{`${String(user?.['email'])}: ${data?.join()}`}</p>
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    <AuthProvider client={client}>
      <SignedIn>
        <Notes />
      </SignedIn>
    </AuthProvider>
  </QueryClientProvider>,
)

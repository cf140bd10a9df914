import {
  QueryClient,
  QueryClientProvider,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { useLayoutEffect, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import {
  AuthProvider,
  createAuthClient,
  SignedIn,
  useAuth,
  useLogin,
  useLogout,
  useRegister,
  type AuthState,
  type SessionEndReason,
} from 'signoff'
import type { Browser } from './Browser.ts'
import { Page } from './Page.ts'
import type { Attempt, Server } from './Server.ts'

export interface ModelUser {
  name: string
  trace: string
}

export interface ModelCredentials {
  name: string
  password: string
  act: number
}

export interface TabEvents {
  onCommit: (tab: Tab, state: AuthState<ModelUser>) => void
  onSend: (tab: Tab, attempt: Attempt) => void
}

/** What the app's components let the model do. */
interface Hooks {
  login: (credentials: ModelCredentials) => void
  register: (credentials: ModelCredentials) => void
  logout: () => void
  addNote: (text: string) => void
}

/** A tab with the app: a client, a query client and a screen of its own. */
export class Tab {
  readonly page = new Page()
  readonly container = document.createElement('div')
  readonly queryClient = new QueryClient({ defaultOptions: { queries: { retry: 1 } } })
  /** Why the sessions of this tab ended, by the number of the session. */
  readonly ended = new Map<number, SessionEndReason>()
  /** Sessions that ended elsewhere and whose token this tab may revoke, by number. */
  readonly excused = new Set<number>()
  readonly client
  hooks!: Hooks
  readonly #root: Root

  readonly events: TabEvents

  /** @param isBare - The page has a client, and nothing that mounts it. */
  constructor(browser: Browser, server: Server, events: TabEvents, isBare = false) {
    this.events = events
    this.client = createAuthClient<ModelUser, ModelCredentials, ModelCredentials>({
      baseUrl: 'http://api.test',
      queryClient: this.queryClient,
      fetch: (request) => server.fetch(request, this.page, (attempt) => events.onSend(this, attempt)),
      onSignOut: ({ reason, user }) => {
        if (user) this.ended.set(Number(/\d+/.exec(user.trace)?.[0]), reason)
      },
    })
    this.#root = createRoot(this.container)
    browser.pages.push(this.page)
    if (isBare) return
    this.page.enter(() => {
      // Effects run before this returns, and so know their page.
      flushSync(() =>
        this.#root.render(
          <QueryClientProvider client={this.queryClient}>
            <AuthProvider client={this.client}>
              <App tab={this} />
            </AuthProvider>
          </QueryClientProvider>,
        ),
      )
    })
  }

  /** The session that the tab is in, by number. */
  get session(): number | null {
    const { token } = this.client.getState()
    return token === null ? null : Number(/\d+/.exec(token)?.[0])
  }

  get isRunning(): boolean {
    return !this.page.isClosed && !this.page.isFrozen
  }

  readonly notes = queryOptions({
    queryKey: ['notes'],
    queryFn: ({ signal }) => this.client.api('notes', { signal }).json<string[]>(),
    placeholderData: keepPreviousData,
  })

  onCommit(hooks: Hooks, state: AuthState<ModelUser>): void {
    this.hooks = hooks
    this.events.onCommit(this, state)
  }

  /** No code of the tab runs any more. What it held in this process is let go of. */
  close(): void {
    this.page.isClosed = true
    this.#root.unmount()
    this.queryClient.clear()
  }
}

const Copy = ({ text }: { text: string }): ReactNode => {
  const [copy] = useState(text)
  return <i>{copy}</i>
}

const App = ({ tab }: { tab: Tab }): ReactNode => {
  const state = useAuth() as AuthState<ModelUser>
  const notes = useQuery(tab.notes)
  // The app goes somewhere, and takes its time: until then the mutation has not settled.
  const login = useLogin({ onSuccess: () => new Promise<void>((resolve) => void setTimeout(resolve, 50)) })
  const register = useRegister()
  const logout = useLogout({ meta: { isLogout: true } })
  const addNote = useMutation({
    mutationFn: (text: string) => tab.client.api.post('notes', { json: { text } }).json<string[]>(),
    retry: 1,
    onMutate: (text) => {
      const before = tab.queryClient.getQueryData(tab.notes.queryKey)
      tab.queryClient.setQueryData(tab.notes.queryKey, [...(before ?? []), text])
      return before
    },
    onError: (_error, _text, before) => {
      tab.queryClient.setQueryData(tab.notes.queryKey, before)
    },
    onSettled: () => tab.queryClient.invalidateQueries(tab.notes),
  })
  useLayoutEffect(() => {
    const hooks: Hooks = {
      login: (credentials) => login.mutate(credentials),
      register: (credentials) => register.mutate(credentials),
      logout: () => logout.mutate(),
      addNote: (text) => addNote.mutate(text),
    }
    tab.onCommit(hooks, state)
  })
  return (
    <>
      <p>
        {state.status} {state.user?.trace}
      </p>
      <ul>{notes.data?.join()}</ul>
      <SignedIn>
        <Copy text={state.user?.trace ?? ''} />
      </SignedIn>
    </>
  )
}

import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import {
  type Mutation,
  type Query,
  QueryClient,
  QueryClientProvider,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query'
import { persistQueryClient, PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import {
  AuthProvider,
  createAuthClient,
  type AuthState,
  type SessionEndReason,
  type SessionHandle,
  webStorage,
} from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { App, type Hooks, type PageHooks } from './App.tsx'
import type { Browser } from './Browser.ts'
import { Page } from './Page.ts'
import { api, type Attempt, otherApi, type Server, tracesIn } from './Server.ts'
import type { Setting } from './Setting.ts'

export interface ModelUser {
  id: number
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
  /** A session has ended here. */
  onEnd: (session: number, reason: SessionEndReason) => void
  /** Code of a page has asked for something, and does not wait for it. */
  onCall: (call: string, promise: Promise<unknown>) => void
  /** Something has changed for the client of the other API. */
  onOther: () => void
}

/** Whether something in the cache is of the other API, which no mutation is. */
const isOthers = (entry: Query | Mutation): boolean =>
  'queryKey' in entry && (entry.queryKey.includes('other') || entry.queryKey.includes(`${otherApi}/`))

/** A tab with the app: a client, a query client and a screen of its own. */
export class Tab {
  readonly page = new Page()
  readonly container = document.createElement('div')
  readonly queryClient = new QueryClient({ defaultOptions: { queries: { retry: 1 } } })
  /** Why the sessions of this tab ended, by the number of the session. */
  readonly ended = new Map<number, SessionEndReason>()
  /** Sessions that ended elsewhere and whose token this tab may revoke, by number. */
  readonly excused = new Set<number>()
  /** Sessions that this tab has been in and has left, by number. */
  readonly left = new Set<number>()
  /** The last session that the model has seen it in. */
  seen: number | null = null
  readonly client
  /** The client of the other API, where the app has one. */
  readonly other
  /** The session at the other API whose note the cache has been seen to hold. */
  otherHeld: number | null = null
  hooks!: Hooks
  readonly pageHooks = new Set<PageHooks>()
  readonly setting: Setting
  readonly #browser: Browser
  readonly #root: Root

  readonly events: TabEvents

  /** @param isBare - The page has a client, and nothing that mounts it. */
  constructor(browser: Browser, server: Server, setting: Setting, events: TabEvents, isBare = false) {
    this.events = events
    this.setting = setting
    this.#browser = browser
    const { queryClient, page } = this
    const hasOther = setting.other !== 'none'
    const persister =
      setting.copies === 'none' ? undefined : createAsyncStoragePersister({ storage: browser.disk })
    this.client = createAuthClient<ModelUser, ModelCredentials, ModelCredentials>({
      baseUrl: api,
      queryClient,
      fetch: (request) => server.fetch(request, page, (attempt) => events.onSend(this, attempt)),
      onSignOut: ({ reason, user }) => {
        if (!user) return
        this.ended.set(user.id, reason)
        events.onEnd(user.id, reason)
      },
      ...(setting.hasRefresh && { refresh: tokenRefresh() }),
      ...(persister && { persister }),
      ...(hasOther && { isPublic: isOthers, keepStorage: ['other', 'other.of'] }),
    })
    this.other = hasOther
      ? createAuthClient<ModelUser, ModelCredentials>({
          baseUrl: otherApi,
          queryClient,
          fetch: (request) => server.fetch(request, page, () => {}),
          isPublic: (entry) => !isOthers(entry),
          clearStorage: 'token',
          ...(persister && { persister }),
          ...(setting.other === 'own key' && { storage: webStorage('local', 'other') }),
          ...(setting.hasRefresh && { refresh: tokenRefresh() }),
        })
      : undefined
    // What a copy brings has no function of its own.
    queryClient.setMutationDefaults(['addNote'], { mutationFn: this.#post })
    this.#root = createRoot(this.container)
    browser.pages.push(page)
    if (isBare) return
    const resume = (): Promise<unknown> => queryClient.resumePausedMutations()
    page.enter(() => {
      const Provider = (props: { children: ReactNode }): ReactNode =>
        persister && setting.copies === 'component' ? (
          <PersistQueryClientProvider
            client={queryClient}
            persistOptions={{ persister }}
            onSuccess={resume}
            {...props}
          />
        ) : (
          <QueryClientProvider client={queryClient} {...props} />
        )
      if (persister && setting.copies === 'module')
        void persistQueryClient({ queryClient, persister })[1].then(resume)
      if (this.other) {
        this.other.subscribe(events.onOther)
        this.other.mount()
      }
      // Effects run before this returns, and so know their page.
      flushSync(() =>
        this.#root.render(
          <Provider>
            <AuthProvider client={this.client}>
              <App tab={this} />
            </AuthProvider>
          </Provider>,
        ),
      )
    })
  }

  readonly #post = (text: string): Promise<string[]> =>
    this.client.api.post('notes', { json: { text } }).json<string[]>()

  /** The session that the tab is in, by number. */
  get session(): number | null {
    const { token } = this.client.getState()
    return token === null ? null : (tracesIn(token)[0] ?? null)
  }

  get isRunning(): boolean {
    return !this.page.isClosed && !this.page.isFrozen
  }

  /** What is on the screen, as HTML. */
  get shown(): string {
    if (!this.container.querySelector('[style]')) return this.container.innerHTML
    const copy = this.container.cloneNode(true) as HTMLElement
    for (const hidden of copy.querySelectorAll('[style*="display: none"]')) hidden.remove()
    return copy.innerHTML
  }

  onCommit(hooks: Hooks, state: AuthState<ModelUser>): void {
    this.hooks = hooks
    this.events.onCommit(this, state)
  }

  notes(page = 1) {
    return queryOptions({
      queryKey: ['notes', page],
      queryFn: ({ signal }) => this.client.api('notes', { signal }).json<string[]>(),
      placeholderData: keepPreviousData,
    })
  }

  /** Sends a note. A long one takes its time before, and is sent in the session in which it was written. */
  async post(own: SessionHandle['api'], text: string): Promise<string[]> {
    if (!text.startsWith('long')) return this.#post(text)
    await new Promise<void>((resolve) => {
      this.#browser.later('a long note is ready', () => this.page.enter(resolve))
    })
    return own.post('notes', { json: { text } }).json<string[]>()
  }

  /**
   * What a component does as it goes, for the session in which it was shown. What is hidden goes when React finds the time,
   * in a task that may have begun in another page.
   */
  leave(own: SessionHandle['api'], text: string): void {
    this.page.enter(() => {
      for (const api of [this.client.api, own])
        this.events.onCall('the note of a cleanup', api.post('notes', { json: { text } }))
      this.queryClient.setQueryData(['draft'], text)
      if (this.session !== null) this.hooks.addNote(text)
    })
  }

  /** No code of the tab runs any more. What it held in this process is let go of. */
  close(): void {
    this.#browser.close(this.page)
    this.other?.unmount()
    this.#root.unmount()
    this.queryClient.clear()
  }
}

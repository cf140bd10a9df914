import { CancelledError, onlineManager } from '@tanstack/react-query'
import type fc from 'fast-check'
import { type AuthState, isAuthError, type SessionEndReason } from 'signoff'
import { Browser } from './Browser.ts'
import type { Page } from './Page.ts'
import type { Family } from './Family.ts'
import { type Attempt, otherTracesIn, Server, tracesIn } from './Server.ts'
import type { Setting } from './Setting.ts'
import { type ModelUser, Tab, type TabEvents } from './Tab.tsx'

const timeout = 10_000

/** The number of a session that nobody has here. */
export const stranger = 999

interface Act {
  kind: 'login' | 'logout'
  tab: Tab
  /** Whether the tab knew, when the user acted there, what the storage said. */
  isInStep: boolean
}

/** Three tabs, one browser, one server: what happens to them, and what must hold whatever happens. */
export class World {
  readonly browser: Browser
  readonly server: Server
  readonly tabs: Tab[] = []
  /** Pages without a provider, which only log out. */
  readonly #barePages: Tab[] = []
  readonly violations: string[] = []
  readonly acts: Act[] = []
  /** Acts after which something other than the user's acts had a say: a rejection, foreign code, a closed tab. */
  disturbedAt = -1
  /** Other code has emptied the storage. */
  hasForeignClear = false
  /** Storage has failed: tabs then live on what each of them remembers. */
  hasStorageFailed = false
  /** Something was lost on its way between tabs. */
  hasLost = false
  /** A tab was closed, with what it was about to do. */
  hasClosed = false
  /** A login was answered before its tab had heard of all that the user had done in others. */
  hasRaced = false
  readonly #begun = new Set<number>()
  readonly #logouts = new Set<{ label: string; page: Page; isHeldUp: boolean }>()

  /** What the scheduler has yet to let happen. */
  readonly #pending = new Set<() => void>()

  readonly scheduler: fc.Scheduler
  readonly setting: Setting

  constructor(scheduler: fc.Scheduler, setting: Setting) {
    this.scheduler = scheduler
    this.setting = setting
    this.browser = new Browser((label, task) => {
      const once = (): void => {
        if (this.#pending.delete(once)) task()
      }
      this.#pending.add(once)
      void scheduler.schedule(Promise.resolve(), label).then(once)
    }, setting.hasLocks)
    this.server = new Server(
      this.browser,
      setting.hasRefresh,
      () => this.disturb(),
      (page) => {
        this.hasRaced ||= page.isWaiting
      },
    )
  }

  get openTabs(): Tab[] {
    return this.tabs.filter(({ page }) => !page.isClosed)
  }

  /** The open tab that a number points to. */
  tab(index: number): Tab {
    return this.openTabs[index % this.openTabs.length] as Tab
  }

  #make(isBare: boolean): Tab {
    const events: TabEvents = {
      onCommit: (tab, state) => this.#checkCommit(tab, state),
      onSend: (tab, attempt) => this.#checkAttempt(tab, attempt),
      onEnd: (session, reason) => this.#checkEndOf(session, reason),
      onCall: (call, promise) => this.follow(call, promise),
      onOther: () => {
        if (this.setting.other !== 'same key') return
        // Where two clients have one key, the one may take the place of the other's token at any time.
        this.disturb()
        this.hasForeignClear = true
      },
    }
    return new Tab(this.browser, this.server, this.setting, events, isBare)
  }

  open(): void {
    this.tabs.push(this.#make(false))
  }

  /** The user follows a link to a page that only logs out. */
  visitLogoutPage(): void {
    const tab = this.#make(true)
    this.#barePages.push(tab)
    tab.page.enter(() => {
      this.act('logout', tab)
      void this.logout(tab)
    })
    this.browser.act = 0
  }

  disturb(): void {
    this.disturbedAt = this.acts.length
  }

  act(kind: Act['kind'], tab: Tab): number {
    this.acts.push({ kind, tab, isInStep: tab.session === this.stored })
    this.browser.act = this.acts.length
    this.browser.clock.now += 1
    return this.acts.length
  }

  /** The session whose token is stored, by number. */
  get stored(): number | null {
    const token = this.browser.localStorage.get('token')
    return token === undefined ? null : (tracesIn(token)[0] ?? null)
  }

  /** A call that a user's code makes and whose outcome may be any of the package's own errors. */
  follow(call: string, promise: Promise<unknown>): void {
    promise.catch((error: unknown) => {
      const { name, message } = error as Error
      const isExpected =
        isAuthError(error) ||
        // In older TanStack Query, it is no `Error`.
        error instanceof CancelledError ||
        /HTTPError|NetworkError|TimeoutError|SyntaxError/.test(name + message)
      if (!isExpected || /token-|refresh-|password /.test(String(error) + JSON.stringify(error)))
        this.violations.push(`${call} failed with ${String(error)}`)
    })
  }

  async logout(tab: Tab): Promise<void> {
    const { session, page } = tab
    const { clock } = this.browser
    const call = { label: `logout of session ${session}`, page, isHeldUp: false }
    this.#logouts.add(call)
    const started = clock.now
    const promise = tab.client.logout()
    if (session !== null && tab.session === session) this.violations.push(`${call.label} left its session on`)
    try {
      const result = await promise
      const duration = clock.now - started
      // What takes longer than one request is stopped a little later.
      const limit = this.setting.hasRefresh ? timeout + 50 : timeout
      if (!call.isHeldUp && duration > limit) this.violations.push(`${call.label} took ${duration} ms`)
      if (result.revoked === (result.error !== null)) this.violations.push(`${call.label} contradicts itself`)
      // Where tokens are not short-lived, a 401 says that the token is dead, whatever the server does with it.
      const family = session === null ? undefined : this.server.issued[session - 1]
      if (result.revoked && this.setting.hasRefresh && family?.isDead === false)
        this.violations.push(`${call.label} claims that its tokens are dead`)
    } catch (error) {
      this.violations.push(`${call.label} rejected with ${String(error)}`)
    }
    this.#logouts.delete(call)
  }

  /** The oldest thing on its way arrives, before anybody else can do anything. */
  hurry(): void {
    const [first] = this.#pending
    first?.()
  }

  /** Lets everything happen that is to happen now, but nothing that comes over the network or from another tab. */
  async settle(): Promise<void> {
    for (const call of this.#logouts) call.isHeldUp ||= call.page.isFrozen
    // React renders what is hidden later than the rest.
    let left = this.setting.hasPages ? 4 : 1
    for (let round = 0; left > 0; round += 1) {
      if (round > 1000) throw new Error('It never comes to rest')
      await new Promise((resolve) => setImmediate(resolve))
      if (!this.browser.clock.tick(this.browser.clock.now)) left -= 1
    }
  }

  async step(task: () => unknown): Promise<void> {
    await task()
    await this.settle()
    this.check()
  }

  async restore(page: Page): Promise<void> {
    for (const task of page.restore()) await this.step(() => task)
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.browser.clock.now + milliseconds
    while (this.browser.clock.tick(end)) await this.settle()
    this.browser.clock.now = end
    this.check()
  }

  /** What is held of a user anywhere in a tab, but for the result of a logout that its own component still shows. */
  #held(tab: Tab): string {
    const queries = tab.queryClient.getQueryCache().getAll()
    const mutations = tab.queryClient.getMutationCache().getAll()
    return JSON.stringify([
      queries.map(({ queryKey, state }) => [queryKey, { ...state, error: String(state.error) }]),
      mutations
        .filter(({ meta }) => !meta?.['isLogout'] || tab.session !== null)
        .map(({ state, options }) => [state, Object.keys(options).length]),
      tab.container.innerHTML,
      this.hasStorageFailed || [...tab.page.sessionStorage],
    ])
  }

  /** Two clients on one cache: each forgets what is its own, and nothing else. */
  #checkOther(tab: Tab, held: string): void {
    const { token = null } = tab.other?.getState() ?? {}
    const session = token === null ? null : (otherTracesIn(token)[0] ?? null)
    if (otherTracesIn(held).some((trace) => trace !== session))
      this.violations.push(`session ${session} at the other API holds ${held}`)
    const note = JSON.stringify(tab.queryClient.getQueryData(['other']) ?? '')
    const [noteOf = null] = otherTracesIn(note)
    if (session !== null && tab.otherHeld === session && noteOf === null)
      this.violations.push(`the note of session ${session} at the other API is gone`)
    tab.otherHeld = noteOf
  }

  /** A session that has ended in a tab never comes back there. */
  #checkReturn(tab: Tab): void {
    const { session, seen } = tab
    if (seen !== null && session !== seen) tab.left.add(seen)
    tab.seen = session
    if (session !== null && tab.left.has(session) && !this.isMistakable)
      this.violations.push(`session ${session} has come back`)
  }

  /** Nobody is signed out whose tokens live. */
  #checkEndOf(session: number, reason: SessionEndReason): void {
    const family = this.server.issued[session - 1]
    if (reason === 'rejected' && family && !family.isDead && !family.isRefused)
      this.violations.push(`session ${session} is rejected, and lives`)
  }

  #checkCommit(tab: Tab, { status, user, token }: AuthState<ModelUser>): void {
    if (tab.page.isClosed) return
    const session = token === null ? null : tracesIn(token)[0]
    const { shown } = tab
    if (tracesIn(shown).some((trace) => trace !== session))
      this.violations.push(`a frame of session ${session} shows ${shown}`)
    if (status === 'signed-in' && user.trace !== `user of-${session}`)
      this.violations.push(`user ${user.trace} has token ${token}`)
    if ((status === 'signed-out') !== (token === null)) this.violations.push(`${status} with token ${token}`)
  }

  #checkAttempt(tab: Tab, { path, token, page, at }: Attempt): void {
    const session = tracesIn(token)[0] ?? null
    if (path !== 'auth/logout') {
      if (session !== null && session !== tab.session)
        this.violations.push(`${path} carries token ${session} in session ${tab.session}`)
      return
    }
    const before = this.server.attempts.filter(
      (attempt) => attempt.page === page && attempt.path === path && attempt.token === token,
    )
    const earlier = before.slice(0, -1)
    // A short-lived token that is refused may have expired.
    const confirmed = this.setting.hasRefresh ? [200] : [200, 401]
    // A server that hears of a refresh twice answers twice. Where tabs cannot wait for each other, the second answer may come
    // to a page that has revoked what it brings already.
    const late = this.server.attempts.filter(
      (attempt) => attempt.page === page && attempt.brought === token && attempt.isLate,
    )
    const times = this.setting.hasLocks ? 1 : 1 + late.length
    if (earlier.filter(({ status }) => confirmed.includes(status ?? 0)).length >= times)
      this.violations.push(`token ${session} is revoked again after a confirmation`)
    // Where tabs cannot wait for each other, each sees to the tokens that it has brought.
    if (this.setting.hasRefresh && !this.setting.hasLocks) return
    if (earlier.some((attempt) => attempt.status === undefined && at - attempt.at < timeout))
      this.violations.push(`token ${session} is revoked twice at the same time`)
    // A tab sees to a token that it has refreshed, and of which the tab that has ended the session may not have heard.
    if (this.setting.hasRefresh) return
    const isOwn = session !== null && this.server.issued[session - 1]?.page === page
    const isWordLate = page.isWaiting || this.hasLost || this.hasStorageFailed || this.disturbedAt >= 0
    if (session === null || isOwn || tab.ended.get(session) !== 'elsewhere') return
    // Where word of the end took longer than any takes, the tab was right to see to the token itself, and goes on so.
    if (isWordLate) tab.excused.add(session)
    if (!tab.excused.has(session))
      this.violations.push(`token ${session}, ended elsewhere, is revoked here too`)
  }

  #hasBegun(act: number): boolean {
    const session = this.tokenOf(act)
    return session !== undefined && this.#begun.has(session)
  }

  /** A late answer never undoes a newer act. A login that has not succeeded yet is none. */
  #checkBeginning(tab: Tab, session: number): void {
    const issued = this.server.issued[session - 1]
    if (!issued || issued.page !== tab.page || this.#begun.has(session)) return
    this.#begun.add(session)
    this.acts.slice(issued.act).forEach(({ kind, tab: other }, index) => {
      const act = issued.act + index + 1
      const isNewer =
        kind === 'logout' ? other === tab || tab.page.heard.has(act) : other === tab && this.#hasBegun(act)
      if (isNewer) this.violations.push(`the login of act ${issued.act} undoes the ${kind} of act ${act}`)
    })
  }

  check(): void {
    for (const tab of this.openTabs) {
      if (!tab.isRunning) continue
      const { session } = tab
      if (session !== null) this.#checkBeginning(tab, session)
      this.#checkReturn(tab)
      const held = this.#held(tab)
      this.#checkOther(tab, held)
      if (held.includes('refresh-')) this.violations.push(`a refresh token is shown: ${held}`)
      const foreign = tracesIn(held).filter((trace) => trace !== session)
      if (foreign.length > 0) this.violations.push(`session ${session} holds ${foreign.join()}: ${held}`)
      const { status, user, token } = tab.client.getState()
      if (status === 'signed-in' && tracesIn(user.trace)[0] !== session)
        this.violations.push(`user ${user.trace} has token ${token}`)
      for (const { state } of tab.queryClient.getMutationCache().getAll())
        if (state.status !== 'pending' && JSON.stringify(state).includes('password '))
          this.violations.push('a settled mutation holds a password')
    }
    this.violations.push(...this.server.mistaken)
    // Where tabs cannot wait for each other, two may use one refresh token.
    if (this.setting.hasLocks && !this.isMistakable) this.violations.push(...this.server.alarms)
    if (!this.hasStorageFailed) {
      const others = [...this.browser.localStorage].filter(([key]) => !/^(token|other)(\.of)?$/.test(key))
      const traces = tracesIn(JSON.stringify(others))
      // The token may have gone without a word. Whoever is still in its session has not heard of it.
      const known = this.setting.other === 'same key' ? this.openTabs.map(({ session }) => session) : []
      if (traces.some((trace) => trace !== this.stored && !known.includes(trace)))
        this.violations.push(`the storage of session ${this.stored} holds ${JSON.stringify(others)}`)
    }
    if (this.browser.strays > 0) this.violations.push('the model has lost track of its pages')
    if (this.violations.length > 0) throw new Error(this.violations.join('\n'))
  }

  /** Lets everything arrive, everybody come back, and all time pass. */
  async drain(): Promise<void> {
    this.server.faults.length = 0
    this.browser.fates.length = 0
    await this.step(() => onlineManager.setOnline(true))
    for (const { page } of this.openTabs) if (page.isFrozen) await this.restore(page)
    // No request waits for longer than it may: what is sent in one round arrives before the next.
    for (let round = 0; round < 18; round += 1) {
      while (this.scheduler.count() > 0) await this.scheduler.waitNext(1)
      await this.pass(round < 4 ? 1000 : 9000)
      if (round < 4 || round % 2 === 0)
        for (const { page } of this.openTabs) await this.step(() => page.focus())
    }
    this.checkEnd()
  }

  checkEnd(): void {
    const tabs = this.openTabs
    const { issued } = this.server
    if (this.#logouts.size > 0 && tabs.length === this.tabs.length)
      this.violations.push(`never settled: ${[...this.#logouts].map(({ label }) => label).join()}`)
    const sessions = tabs.map(({ session }) => session)
    if (!this.hasStorageFailed && sessions.some((session) => session !== this.stored))
      this.violations.push(`tabs disagree with the storage ${this.stored}: ${sessions.join()}`)

    for (const { page, queryClient } of this.#barePages) {
      if ([queryClient.getQueryCache(), queryClient.getMutationCache()].some((cache) => cache.hasListeners()))
        this.violations.push('a page that only logs out still listens')
      if (page.channels.size > 0) this.violations.push('a page that only logs out keeps a channel')
    }

    for (const family of issued) {
      const { page, number, isDead } = family
      if (!page || sessions.includes(number) || isDead) continue
      // Where other code emptied the storage, or it failed, one end may have been taken for another's.
      if (this.isMistakable && issued.length > 1) continue
      // What the storage did not take goes with its page.
      const isLost = this.isMistakable && page.isClosed
      if (!this.#isGivenUp(family) && !isLost && number !== this.stored)
        this.violations.push(`the tokens of session ${number} live on`)
    }

    const copied = tracesIn(JSON.stringify([...this.browser.disk.held]))
    if (
      copied.some((trace) => trace !== this.stored && trace !== stranger) &&
      !this.hasClosed &&
      !this.isMistakable
    )
      this.violations.push(`the copy of session ${this.stored} holds ${copied.join()}`)

    const last = this.acts.at(-1)
    if (last && this.isDecided) {
      const expected = last.kind === 'logout' ? null : this.tokenOf(this.acts.length)
      if (expected !== undefined && sessions.some((session) => session !== expected))
        this.violations.push(
          `the user asked for ${last.kind}, session ${expected}; the tabs hold ${sessions.join()}`,
        )
    }
    if (this.violations.length > 0) throw new Error(this.violations.join('\n'))
  }

  /**
   * Whether a page has done what it can to revoke the tokens of a session. What did not get through is sent again when the
   * line is back, while the page lives.
   */
  #isGivenUp({ number }: Family): boolean {
    const tries = this.server.attempts.filter(({ path, token, refreshToken = '' }) =>
      path === 'auth/logout' ? tracesIn(token)[0] === number : tracesIn(refreshToken)[0] === number,
    )
    if (!this.setting.hasRefresh) return tries.some(({ isBroken, page }) => !isBroken || page.isClosed)
    // A logout refreshes once.
    const refused = new Set(tries.filter(({ status }) => status === 401).map(({ token }) => token))
    if (refused.size > 1) return true
    // Whoever has got the last tokens sees to them.
    const last = tries.map(({ brought }) => brought !== undefined).lastIndexOf(true)
    return tries.slice(last + 1).some(({ status, fault, isBroken, page }) => {
      const isTooLate = status === 0 && !isBroken
      return page.isClosed || isTooLate || (fault !== undefined && fault !== 'broken')
    })
  }

  /** The session that a login has brought, `undefined` where it brought none. */
  tokenOf(act: number): number | undefined {
    return this.server.issued.find((issued) => issued.act === act && issued.page)?.number
  }

  get isMistakable(): boolean {
    return this.hasForeignClear || this.hasStorageFailed
  }

  /** Whether nothing but the user's acts decides what must hold in the end. */
  get isDecided(): boolean {
    const last = this.acts.at(-1)
    return (
      !!last &&
      last.isInStep &&
      !this.hasLost &&
      !this.hasRaced &&
      !this.hasStorageFailed &&
      this.disturbedAt < this.acts.length
    )
  }

  close(): void {
    for (const tab of [...this.openTabs, ...this.#barePages]) tab.close()
    for (const unsubscribe of this.browser.unsubscribes) unsubscribe()
  }
}

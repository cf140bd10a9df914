import { onlineManager } from '@tanstack/react-query'
import type { Browser } from './Browser.ts'
import { Family } from './Family.ts'
import type { Page } from './Page.ts'

/** What can go wrong with one request. The server has then done nothing, but for garbage, hanging and a broken line. */
export type Fault = 401 | 403 | 429 | 500 | 503 | 'garbage' | 'never' | 'broken'

/** One attempt of a page to send something. */
export interface Attempt {
  page: Page
  path: string
  token: string
  at: number
  /** Which of its tokens a refresh exchanges. */
  refreshToken?: string
  /** The status that arrived, 0 for a failure, `undefined` while the page waits. */
  status?: number
  /** What went wrong with it. */
  fault?: Fault | undefined
  /** The line broke: nothing arrived, and the page knows it. */
  isBroken?: boolean
  /** The token that a refresh has brought. */
  brought?: string
  /** It was dead by then. */
  isLate?: boolean
}

/** What a page sends. */
interface Sent {
  name?: string
  act?: number
  text?: string
  refreshToken?: string
}

/** What a server answers, and what that means for it once it has arrived. */
interface Answer {
  response: Response
  onArrival?: () => void
  fresh?: Family
}

/** The address of the API. */
export const api = 'http://api.test'
/** The address of another API, whose client shares the page with the first one's. */
export const otherApi = 'http://other.test'

/** Everything that a session shows can be traced to it: its user, its notes and its tokens end in `of-N`. */
export const tracesIn = (text: string): number[] =>
  Array.from(text.matchAll(/of-(\d+)/g), ([, number]) => Number(number))

/** The same of a session at the other API. */
export const otherTracesIn = (text: string): number[] =>
  Array.from(text.matchAll(/at-(\d+)/g), ([, number]) => Number(number))

/** Two APIs that issue, check and revoke tokens, and whose answers arrive in any order. */
export class Server {
  /** The logins, in order. */
  readonly issued: Family[] = []
  readonly others: Family[] = []
  readonly attempts: Attempt[] = []
  readonly faults: Fault[] = []
  /** What no page may send: what one user has written with another one's token, a token to where it does not belong. */
  readonly mistaken: string[] = []
  /** Refresh tokens that were used twice, or although they were refused. */
  readonly alarms: string[] = []

  readonly #browser: Browser
  readonly #hasRefresh: boolean
  readonly #onRejection: () => void
  readonly #onLogin: (page: Page) => void

  /**
   * @param onRejection - The server refuses a token that it had accepted.
   * @param onLogin - A page gets the answer to its login.
   */
  constructor(browser: Browser, hasRefresh: boolean, onRejection: () => void, onLogin: (page: Page) => void) {
    this.#browser = browser
    this.#hasRefresh = hasRefresh
    this.#onRejection = onRejection
    this.#onLogin = onLogin
  }

  /** The `fetch` of a page. */
  readonly fetch = async (
    request: Request,
    page: Page,
    onSend: (attempt: Attempt) => void,
  ): Promise<Response> => {
    const { clock } = this.#browser
    const { origin, pathname } = new URL(request.url)
    const attempt: Attempt = {
      page,
      path: pathname.slice(1),
      token: request.headers.get('Authorization')?.slice('Bearer '.length) ?? '',
      at: clock.now,
    }
    this.attempts.push(attempt)
    onSend(attempt)
    const sent = request.body ? ((await request.json()) as Sent) : {}
    if (sent.refreshToken) attempt.refreshToken = sent.refreshToken
    this.#check(attempt, origin, sent)
    const isRefresh = attempt.path === 'auth/refresh'

    return new Promise<Response>((resolve, reject) => {
      const fail = (reason: unknown): void => {
        attempt.status ??= 0
        reject(reason)
      }
      request.signal.addEventListener('abort', () => fail(request.signal.reason))
      if (request.signal.aborted) return
      const broken = (): void =>
        page.enter(() => {
          attempt.isBroken ??= attempt.status === undefined
          fail(new TypeError('Failed to fetch'))
        })
      if (!onlineManager.isOnline()) return broken()
      attempt.fault = this.faults.shift()
      if (attempt.fault === 'never') return
      const { slept } = clock
      this.#browser.later(`${attempt.path} arrives`, () => {
        // No line survives the sleep of its computer. A refresh that overtakes another one would look stolen: one that nobody
        // waits for does not arrive.
        if (clock.slept !== slept) return broken()
        if (isRefresh && (attempt.status !== undefined || page.isClosed)) return
        const { response, onArrival, fresh } = this.#respond(attempt, origin, sent)
        this.#browser.later(`${attempt.path} is answered`, () =>
          page.enter(() => {
            if (!onlineManager.isOnline() || attempt.fault === 'broken' || clock.slept !== slept)
              return broken()
            if (attempt.status !== undefined) return
            attempt.status = response.status
            onArrival?.()
            if (fresh) this.#onLogin(page)
            const isInTime = clock.now - attempt.at < 10_000
            if (fresh && attempt.fault !== 'garbage' && isInTime) fresh.page = page
            resolve(response)
          }),
        )
      })
    })
  }

  #check(attempt: Attempt, origin: string, sent: Sent): void {
    const { path, token } = attempt
    const { text, refreshToken } = sent
    // Nobody's note has no trace.
    if (text !== undefined && tracesIn(text)[0] !== tracesIn(token)[0])
      this.mistaken.push(`${path} sends ${text} with ${token}`)
    const isForeign = origin === api ? otherTracesIn(token).length > 0 : tracesIn(token).length > 0
    if (isForeign) this.mistaken.push(`${token} is sent to ${origin}`)
    const isRefresh = path === 'auth/refresh'
    if (isRefresh && token !== '') this.mistaken.push(`a refresh carries ${token}`)
    if (!isRefresh && JSON.stringify(sent).includes('refresh-'))
      this.mistaken.push(`${path} is sent ${refreshToken}`)
    if (this.#find(refreshToken ?? '')?.refused.has(refreshToken ?? ''))
      this.#alarm(attempt, `${refreshToken} was refused, and is sent again`)
  }

  /**
   * A page whose revocation had no answer sends it again later. Where it has not heard in time that another page has ended the
   * session, that page does the same, and the two know nothing of each other: nobody is in the session any more.
   */
  #alarm(attempt: Attempt, text: string): void {
    const family = this.#find(attempt.refreshToken ?? '')
    const isSentAgain = this.attempts.some(
      ({ page, path, token, status }) =>
        page === attempt.page && path === 'auth/logout' && status === 0 && this.#find(token) === family,
    )
    if (!isSentAgain) this.alarms.push(text)
  }

  #find(token: string): Family | undefined {
    const [number = 0] = tracesIn(token)
    const [other = 0] = otherTracesIn(token)
    return this.issued[number - 1] ?? this.others[other - 1]
  }

  get #now(): number {
    return this.#browser.clock.now + this.#browser.clock.slept
  }

  #respond(attempt: Attempt, origin: string, sent: Sent): Answer {
    const { path, token, fault } = attempt
    const isNew = path === 'auth/login' || path === 'auth/register'
    if (path === 'auth/refresh') return this.#refresh(attempt)
    const known = this.#find(token)
    if (typeof fault === 'number') {
      if (fault === 401 && !isNew && path !== 'auth/logout') {
        known?.refuse(token)
        this.#onRejection()
      }
      return this.#fail(fault)
    }
    const isAccepted = known?.accepts(token, this.#now) === true
    if (!isNew && !isAccepted) return this.#fail(401)
    if (known && path === 'auth/logout') known.isDead = true

    const fresh = isNew ? this.#open(origin, sent) : undefined
    const { user, trace } = (fresh ?? known) as Family
    const session = { user, ...fresh?.issue(this.#now) }
    const bodies: Record<string, unknown> = {
      'auth/login': session,
      'auth/register': session,
      'auth/user': user,
      'auth/logout': { user, token },
      notes: [`note ${trace}`],
    }
    return { response: this.#answer(bodies[path], fault), ...(fresh && { fresh }) }
  }

  #refresh(attempt: Attempt): Answer {
    const { refreshToken = '', fault } = attempt
    const family = this.#find(refreshToken)
    const onRefusal = (): void => void family?.refused.add(refreshToken)
    if (typeof fault === 'number') {
      const isRefusal = fault === 401 || fault === 403
      if (!isRefusal) return this.#fail(fault)
      if (family) family.isDead = true
      this.#onRejection()
      return { ...this.#fail(fault), onArrival: onRefusal }
    }
    const exchange = family?.rotate(refreshToken, this.#now, (used) => {
      this.#alarm(attempt, `${used} is used twice`)
      this.#onRejection()
    })
    if (!family || !exchange) return { ...this.#fail(401), onArrival: onRefusal }
    // Some tell the user too.
    const user = exchange.pair.token.length % 2 === 0 && { user: family.user }
    return {
      response: this.#answer({ ...user, ...exchange.pair }, fault),
      // A page of a proxy's is no answer.
      onArrival: () => {
        if (fault === 'garbage') return
        exchange.isArrived = true
        attempt.brought = exchange.pair.token
        attempt.isLate = family.isDead
      },
    }
  }

  #answer(body: unknown, fault: Fault | undefined): Response {
    return new Response(fault === 'garbage' ? '<!doctype html>' : JSON.stringify(body))
  }

  #fail(status: number): Answer {
    const headers = status === 503 ? { 'Retry-After': '5' } : {}
    return { response: Response.json({ message: 'No' }, { status, headers }) }
  }

  #open(origin: string, { name = '', act = 0 }: Sent): Family {
    const isOther = origin === otherApi
    const families = isOther ? this.others : this.issued
    const family = new Family(
      families.length + 1,
      isOther ? 'at' : 'of',
      name,
      act,
      this.#hasRefresh && !isOther,
    )
    families.push(family)
    return family
  }
}

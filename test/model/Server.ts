import { onlineManager } from '@tanstack/react-query'
import type { Browser } from './Browser.ts'
import type { Page } from './Page.ts'

/** What can go wrong with one request. The server has then done nothing, but for garbage, hanging and a broken line. */
export type Fault = 401 | 403 | 429 | 500 | 503 | 'garbage' | 'never' | 'broken'

export interface IssuedToken {
  token: string
  number: number
  /** Whom it was issued to. */
  name: string
  /** The user's act that asked for it. */
  act: number
  /** The page that has got to know it. */
  page?: Page
}

/** One attempt of a page to send something. */
export interface Attempt {
  page: Page
  path: string
  token: string
  at: number
  /** The status that arrived, 0 for a failure, `undefined` while the page waits. */
  status?: number
  /** The line broke: nothing arrived, and the page knows it. */
  isBroken?: boolean
}

/** Everything that a session shows can be traced to it: its user, its notes and its token end in `of-N`. */
export const tracesIn = (text: string): number[] =>
  Array.from(text.matchAll(/of-(\d+)/g), ([, number]) => Number(number))

/** An API that issues, checks and revokes tokens, and whose answers arrive in any order. */
export class Server {
  readonly issued: IssuedToken[] = []
  readonly alive = new Map<string, IssuedToken>()
  readonly attempts: Attempt[] = []
  readonly faults: Fault[] = []
  /** What one user has written and another one's token has sent. */
  readonly mistaken: string[] = []

  readonly #browser: Browser
  readonly #onRejection: () => void
  readonly #onLogin: (page: Page) => void

  /**
   * @param onRejection - The server refuses a token that it had accepted.
   * @param onLogin - A page gets the answer to its login.
   */
  constructor(browser: Browser, onRejection: () => void, onLogin: (page: Page) => void) {
    this.#browser = browser
    this.#onRejection = onRejection
    this.#onLogin = onLogin
  }

  /** The `fetch` of a page. */
  readonly fetch = async (
    request: Request,
    page: Page,
    onSend: (attempt: Attempt) => void,
  ): Promise<Response> => {
    const attempt: Attempt = {
      page,
      path: new URL(request.url).pathname.slice(1),
      token: request.headers.get('Authorization')?.slice('Bearer '.length) ?? '',
      at: this.#browser.clock.now,
    }
    this.attempts.push(attempt)
    onSend(attempt)
    const {
      name = '',
      act = 0,
      text,
    } = request.body ? ((await request.json()) as { name?: string; act?: number; text?: string }) : {}
    // Nobody's note has no trace.
    if (text !== undefined && tracesIn(text)[0] !== tracesIn(attempt.token)[0])
      this.mistaken.push(`${attempt.path} sends ${text} with ${attempt.token}`)

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
      const fault = this.faults.shift()
      if (fault === 'never') return
      this.#browser.later(`${attempt.path} arrives`, () => {
        const [response, fresh] = this.#respond(attempt, name, act, fault)
        this.#browser.later(`${attempt.path} is answered`, () =>
          page.enter(() => {
            if (!onlineManager.isOnline() || fault === 'broken') return broken()
            if (attempt.status !== undefined) return
            attempt.status = response.status
            if (fresh) this.#onLogin(page)
            const isInTime = this.#browser.clock.now - attempt.at < 10_000
            if (fresh && fault !== 'garbage' && isInTime) fresh.page = page
            resolve(response)
          }),
        )
      })
    })
  }

  #respond(
    { path, token }: Attempt,
    name: string,
    act: number,
    fault: Fault | undefined,
  ): [Response, IssuedToken | undefined] {
    const isNew = path === 'auth/login' || path === 'auth/register'
    if (typeof fault === 'number') {
      if (fault === 401 && !isNew && path !== 'auth/logout') {
        this.alive.delete(token)
        this.#onRejection()
      }
      const headers = fault === 503 ? { 'Retry-After': '5' } : {}
      return [Response.json({ message: 'No' }, { status: fault, headers }), undefined]
    }
    const known = this.alive.get(token)
    if (!isNew && !known) return [Response.json({ message: 'Unauthorized' }, { status: 401 }), undefined]
    if (path === 'auth/logout') this.alive.delete(token)

    const fresh = isNew ? this.#issue(name, act) : undefined
    const { number, name: owner } = (fresh ?? known) as IssuedToken
    const user = { name: owner, trace: `user of-${number}` }
    const bodies: Record<string, unknown> = {
      'auth/login': { user, token: fresh?.token },
      'auth/register': { user, token: fresh?.token },
      'auth/user': user,
      'auth/logout': { user, token },
      notes: [`note of-${number}`],
    }
    const body = fault === 'garbage' ? '<!doctype html>' : JSON.stringify(bodies[path])
    return [new Response(body), fresh]
  }

  #issue(name: string, act: number): IssuedToken {
    const number = this.issued.length + 1
    const fresh = { token: `token-of-${number}`, number, name, act }
    this.issued.push(fresh)
    this.alive.set(fresh.token, fresh)
    return fresh
  }
}

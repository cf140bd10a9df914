import type { Page } from './Page.ts'

/** What a login or a refresh brings. */
export interface Pair {
  token: string
  refreshToken?: string
  /** Seconds. */
  expiresIn?: number
}

/** Seconds. */
const life = 60

/** The last refresh token that was used, and what it has brought. */
interface Exchange {
  used: string
  pair: Pair
  /** Until the answer has arrived, the same refresh token may come again. */
  isArrived: boolean
}

/**
 * All tokens of one login. Those that are short-lived have a refresh token, which works once, and once more if its answer was
 * lost. Any other use kills the family, and is an alarm (OAuth 2.0 Security Best Current Practice, RFC 9700, section 4.14).
 */
export class Family {
  readonly number: number
  /** Whom it was issued to. */
  readonly name: string
  /** The user's act that asked for it. */
  readonly act: number
  /** The page that has got to know it. */
  page?: Page
  isDead = false
  /** The server has refused a token although it had not expired: the next one that it refuses ends the session. */
  isRefused = false
  /** The refresh tokens whose refusal has arrived somewhere. */
  readonly refused = new Set<string>()
  /** What its tokens and its user end in. */
  readonly trace: string
  readonly #hasRefresh: boolean
  /** When each access token expires, in milliseconds. */
  readonly #accepted = new Map<string, number>()
  #count = 0
  #current: string | undefined
  #last: Exchange | undefined

  constructor(number: number, trace: string, name: string, act: number, hasRefresh: boolean) {
    this.number = number
    this.trace = `${trace}-${number}`
    this.name = name
    this.act = act
    this.#hasRefresh = hasRefresh
  }

  get user() {
    return { id: this.number, name: this.name, trace: `user ${this.trace}` }
  }

  issue(now: number): Pair {
    const suffix = this.#count === 0 ? '' : `.${this.#count}`
    this.#count += 1
    const token = `token-${this.trace}${suffix}`
    this.#accepted.set(token, this.#hasRefresh ? now + life * 1000 : Infinity)
    if (!this.#hasRefresh) return { token }
    this.#current = `refresh-${this.trace}${suffix}`
    return { token, refreshToken: this.#current, expiresIn: life }
  }

  accepts(token: string, now: number): boolean {
    return !this.isDead && now < (this.#accepted.get(token) ?? 0)
  }

  /** From now on, the server refuses a token. What is not short-lived dies with it. */
  refuse(token: string): void {
    this.isRefused = true
    this.#accepted.delete(token)
    this.isDead ||= !this.#hasRefresh
  }

  /** @returns The new tokens, `null` if the refresh token is refused. */
  rotate(refreshToken: string, now: number, onAlarm: (refreshToken: string) => void): Exchange | null {
    if (this.isDead) return null
    if (this.#current === refreshToken) {
      this.#last = { used: refreshToken, pair: this.issue(now), isArrived: false }
      return this.#last
    }
    if (this.#last?.used === refreshToken && !this.#last.isArrived) return this.#last
    onAlarm(refreshToken)
    this.isDead = true
    return null
  }
}

/** What the server does with the next refresh. */
export type Fate = 'answers' | 'loses the request' | 'loses the answer' | 'is busy' | 'is slow'

interface Family {
  readonly user: string
  current: string
  /** The last refresh token that was used, and what it has brought: it may be used once more if that was lost. */
  last?: { used: string; brought: object; isLost: boolean }
  readonly used: Set<string>
  readonly tokens: Set<string>
  isDead: boolean
  /** The user has logged out of it, or another login has replaced it. */
  isEnded?: boolean
}

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

/**
 * A server in memory. A refresh token works once, and once more if its answer was lost; any other use kills all tokens of
 * its login, and is an alarm.
 */
export class RefreshServer {
  readonly families: Family[] = []
  readonly alarms: string[] = []
  /** Whether a logout with a token that was exchanged ends nothing (RFC 7009, section 2.2). */
  isExact = false
  /** Tokens that are no longer accepted. */
  readonly #expired = new Set<string>()
  #fates: Fate[] = []
  readonly #held = new Set<() => void>()
  #count = 0

  plan(fate: Fate): void {
    this.#fates.push(fate)
  }

  expire(): void {
    for (const { tokens } of this.families) for (const token of tokens) this.#expired.add(token)
  }

  /** Answers what it has kept back. */
  release(): void {
    for (const proceed of this.#held) proceed()
    this.#held.clear()
  }

  get isHolding(): boolean {
    return this.#held.size > 0
  }

  find(token: string | null): Family | undefined {
    return this.families.find(({ tokens }) => tokens.has(token ?? ''))
  }

  #issue(family: Family): object {
    const token = `access-${(this.#count += 1)}-of-${family.user}`
    family.tokens.add(token)
    family.current = `refresh-${(this.#count += 1)}-of-${family.user}`
    return {
      user: { id: family.user, email: family.user },
      token,
      refreshToken: family.current,
      expiresIn: 60,
    }
  }

  #rotate(refreshToken: string): object | null {
    const family = this.families.find(
      ({ current, used }) => current === refreshToken || used.has(refreshToken),
    )
    if (!family || family.isDead) return null
    if (family.current === refreshToken) {
      family.used.add(refreshToken)
      const brought = this.#issue(family)
      family.last = { used: refreshToken, brought, isLost: false }
      return brought
    }
    if (family.last?.used === refreshToken && family.last.isLost) {
      family.last.isLost = false
      return family.last.brought
    }
    this.alarms.push(refreshToken)
    family.isDead = true
    return null
  }

  #lose(refreshToken: string): void {
    const family = this.families.find(({ last }) => last?.used === refreshToken)
    if (family?.last) family.last.isLost = true
  }

  async #refresh(body: { refreshToken: string }, signal: AbortSignal): Promise<Response> {
    const fate = this.#fates.shift() ?? 'answers'
    if (fate === 'loses the request') throw new TypeError('Failed to fetch')
    if (fate === 'is busy') return json({ message: 'busy' }, 503)
    const brought = this.#rotate(body.refreshToken)
    // Whoever has given up gets no answer.
    signal.addEventListener('abort', () => this.#lose(body.refreshToken))
    if (fate === 'is slow') await new Promise<void>((resolve) => this.#held.add(resolve))
    if (fate === 'loses the answer') {
      this.#lose(body.refreshToken)
      throw new TypeError('Failed to fetch')
    }
    return brought ? json(brought) : json({ message: 'invalid_grant' }, 401)
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname
    const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? null
    const text = await request.text()
    if (path.endsWith('/auth/refresh')) {
      return this.#refresh(JSON.parse(text) as { refreshToken: string }, request.signal)
    }
    if (path.endsWith('/auth/login')) {
      const { email } = JSON.parse(text) as { email: string }
      const family: Family = { user: email, current: '', used: new Set(), tokens: new Set(), isDead: false }
      this.families.push(family)
      return json(this.#issue(family))
    }
    const family = this.find(token)
    const isExpired = this.#expired.has(token ?? '') && !this.isExact
    if (!family || family.isDead || isExpired) return json({ message: 'expired' }, 401)
    if (path.endsWith('/auth/logout')) {
      if (this.isExact && [...family.tokens].at(-1) !== token) return json({})
      family.isDead = true
      return json({})
    }
    return json(
      path.endsWith('/auth/user') ? { id: family.user, email: family.user } : [`note of ${family.user}`],
    )
  }
}

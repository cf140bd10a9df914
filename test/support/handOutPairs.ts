import { answers, type ApiServer, deferred } from './openApiServer.ts'

/** What the server hands out at a login and at a refresh. */
export interface Pair {
  user: { id: string; email: string }
  token: string
  refreshToken: string
  expiresIn: number
}

interface Family {
  email: string
  /** The refresh token that may be used. */
  refreshToken: string
  /** The tokens that still work. */
  tokens: Set<string>
  used: string[]
  /** The last refresh token that was used, and what it has brought. */
  last?: { used: string; brought: Pair; isDelivered: boolean }
  isDead: boolean
}

export const refreshRoute = 'POST /api/auth/refresh'
export const logoutRoute = 'POST /api/auth/logout'

/**
 * Makes an API hand out short-lived tokens: a refresh token works once, and one that is used again kills all tokens of its
 * login (reuse detection, OAuth 2.0 Security Best Current Practice, section 4.14).
 *
 * @param hasGrace - Whether a refresh token whose answer has not arrived brings the same once more.
 */
export const handOutPairs = (server: ApiServer, hasGrace = false) => {
  const families = new Set<Family>()
  const alarms: string[] = []
  let count = 0

  const issue = (family: Family): Pair => {
    const { user, token } = server.issue(family.email)
    family.tokens.add(token)
    family.refreshToken = `refresh-${(count += 1)}-of-${family.email}`
    return { user, token, refreshToken: family.refreshToken, expiresIn: 60 }
  }

  const open = (email: string): Pair => {
    const family: Family = { email, refreshToken: '', tokens: new Set(), used: [], isDead: false }
    families.add(family)
    return issue(family)
  }

  const kill = (family: Family): void => {
    family.isDead = true
    for (const token of family.tokens) server.sessions.delete(token)
  }

  /** `null`: the refresh token is refused. */
  const refresh = (refreshToken: string): Pair | null => {
    for (const family of families) {
      const { last } = family
      if (hasGrace && !family.isDead && last?.used === refreshToken && !last.isDelivered) return last.brought
      if (family.used.includes(refreshToken)) {
        alarms.push(refreshToken)
        kill(family)
      }
      if (family.isDead || family.refreshToken !== refreshToken) continue
      family.used.push(refreshToken)
      const brought = issue(family)
      family.last = { used: refreshToken, brought, isDelivered: false }
      return brought
    }
    return null
  }

  const deliver = (refreshToken: string): void => {
    for (const { last } of families) if (last?.used === refreshToken) last.isDelivered = true
  }

  /** Access tokens expire, refresh tokens live on. */
  const expire = (): void => server.sessions.clear()

  server.answer('POST /api/auth/login', (response, request) => {
    const { email } = JSON.parse(request.body) as { email: string }
    answers.json(open(email))(response, request)
  })
  let gate: Promise<unknown> | undefined

  server.answer(refreshRoute, async (response, request) => {
    const { refreshToken } = JSON.parse(request.body) as { refreshToken: string }
    const pair = refresh(refreshToken)
    response.on('finish', () => deliver(refreshToken))
    const waiting = gate
    gate = undefined
    await waiting
    const answer = pair ? answers.json(pair) : answers.json({ message: 'invalid_grant' }, 401)
    answer(response, request)
  })
  server.answer(logoutRoute, (response, request) => {
    const family = [...families].find(({ tokens }) => tokens.has(request.token ?? ''))
    if (!family || !server.sessions.has(request.token ?? '')) return answers.status(401)(response, request)
    kill(family)
    return answers.status(204)(response, request)
  })

  return {
    ...server,
    open,
    refresh,
    expire,
    /** Holds the next answer to a refresh back. The tokens are rotated all the same. */
    holdAnswer: () => {
      const { promise, resolve } = deferred()
      gate = promise
      return resolve
    },
    /** Refresh tokens that were used twice. */
    alarms,
    /** The logins of whose tokens one still works. */
    alive: () => [...families].filter(({ isDead }) => !isDead).map(({ email }) => email),
    refreshes: () => server.received(refreshRoute),
  }
}

export type TokenServer = ReturnType<typeof handOutPairs>

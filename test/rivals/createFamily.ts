/** What a login or a refresh brings. */
export interface Pair {
  token: string
  refreshToken: string
}

/**
 * Which refresh tokens work besides the current one: none but one whose answer was lost on its way; the last one for ten
 * seconds more; or every one.
 */
export type Leniency = 'strict' | 'ten seconds' | 'every one'

/** The tokens of one login. */
export interface Family {
  open: () => Pair
  /** `null`: it is refused, and if it was used before, nothing of this login works any more. */
  refresh: (refreshToken: string) => Pair | null
  /** What a refresh token has brought did not arrive. */
  lose: (refreshToken: string) => void
  /** All access tokens expire. */
  expire: () => void
  accepts: (token: string) => boolean
  isDead: () => boolean
}

interface Last {
  used: string
  brought: Pair
  at: number
  isLost: boolean
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** @param now - Milliseconds since 1970, as its page sees it: some pages read the token. */
export const createFamily = (leniency: Leniency, now: () => number): Family => {
  const used = new Set<string>()
  let alive = new Set<string>()
  let current = ''
  let last: Last | undefined
  let isDead = false
  let count = 0

  const issue = (): Pair => {
    count += 1
    const exp = Math.round(now() / 1000) + 3600
    const token = `${encode({ alg: 'HS256' })}.${encode({ sub: '1', exp, jti: count })}.c2ln`
    alive.add(token)
    current = `refresh-${count}`
    return { token, refreshToken: current }
  }

  const isForgiven = ({ isLost, at }: Last): boolean =>
    isLost || (leniency === 'ten seconds' && performance.now() - at < 10_000)

  return {
    open: issue,
    refresh: (refreshToken) => {
      if (isDead) return null
      if (refreshToken !== current && used.has(refreshToken)) {
        if (last?.used === refreshToken && isForgiven(last)) {
          last.isLost = false
          return last.brought
        }
        isDead = leniency !== 'every one'
        if (isDead) alive = new Set()
      }
      if (isDead || (refreshToken !== current && !used.has(refreshToken))) return null
      used.add(refreshToken)
      last = { used: refreshToken, brought: issue(), at: performance.now(), isLost: false }
      return last.brought
    },
    lose: (refreshToken) => {
      if (last?.used === refreshToken) last.isLost = true
    },
    expire: () => {
      alive = new Set()
    },
    accepts: (token) => alive.has(token),
    isDead: () => isDead,
  }
}

import { createHmac, randomBytes } from 'node:crypto'

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Signs and verifies JSON Web Tokens, which live until their time has passed and which nobody can revoke. */
export const makeTokens = (claims: object, secret: string = randomBytes(16).toString('hex')) => {
  const sign = (content: string): string =>
    `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`

  return {
    /** @param seconds - How long the token lives; in the past where they are negative. */
    issue: (seconds: number): string => {
      const now = Math.floor(Date.now() / 1000)
      const payload = { ...claims, jti: randomBytes(4).toString('hex'), iat: now, exp: now + seconds }
      return sign(`${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`)
    },
    /** What is wrong with a token, if anything. */
    check: (token: string): 'invalid' | 'expired' | undefined => {
      const [header = '', payload = ''] = token.split('.')
      if (token !== sign(`${header}.${payload}`)) return 'invalid'
      const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
      return exp * 1000 < Date.now() ? 'expired' : undefined
    },
  }
}

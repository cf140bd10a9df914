import { openRecordedApi, type RecordedAnswer } from '../recipes/openRecordedApi.ts'
import type { LoopbackServer } from '../recipes/listen.ts'
import { makeTokens } from '../recipes/makeTokens.ts'

/** Answers what the back end of FastAPI's template answers, where FastAPI itself is not installed. */
export const openTemplateApi = async (): Promise<LoopbackServer> => {
  let secret = 0
  const names = ['ada', 'bob']
  const tokensOf = (name: string) => makeTokens({ sub: `${name}@example.com` }, `secret ${secret}`)
  const subjectOf = (token: string): unknown =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub
  const ownerOf = (token: string): string | undefined =>
    names.find((name) => !tokensOf(name).check(token) && subjectOf(token) === `${name}@example.com`)
  const forUser =
    (answer: (name: string) => RecordedAnswer) =>
    ({ token }: { token: string }): RecordedAnswer => {
      if (!token) return [401, { detail: 'Not authenticated' }]
      const name = ownerOf(token)
      return name ? answer(name) : [403, { detail: 'Could not validate credentials' }]
    }

  return openRecordedApi({
    'POST /api/v1/login/access-token': ({ body: { username, password } }) => {
      const name = names.find((one) => `${one}@example.com` === username)
      if (!name || password !== 'Secret123') return [400, { detail: 'Incorrect email or password' }]
      return [200, { access_token: tokensOf(name).issue(8 * 24 * 3600), token_type: 'bearer' }]
    },
    'GET /api/v1/users/me': forUser((name) => [
      200,
      { id: names.indexOf(name) + 1, email: `${name}@example.com`, is_superuser: false },
    ]),
    'GET /api/v1/notes/': forUser((name) => [200, [`private note of ${name}@example.com`]]),
    'GET /api/v1/users/': forUser(() => [403, { detail: "The user doesn't have enough privileges" }]),
    'POST /testing/end': () => {
      secret += 1
      return [204]
    },
    default: () => [404, { detail: 'Not Found' }],
  })
}

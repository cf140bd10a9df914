import { type ApiServer, answers, openApiServer, type ReceivedRequest } from '../support/openApiServer.ts'

export interface RealWorld extends ApiServer {
  /** Who asked for a path, in this order: `null` for a guest. */
  asked: (route: string) => (string | null)[]
}

/** The API of the RealWorld apps, as its specification says: `Token` as scheme, everything wrapped, no logout. */
export const openRealWorld = async (): Promise<RealWorld> => {
  const server: ApiServer = await openApiServer()
  /** The articles that each user likes. */
  const likes = new Map<string, Set<string>>()

  const emailOf = ({ token }: ReceivedRequest): string | null =>
    server.sessions.get(token?.replace(/^Token /, '') ?? '')?.email ?? null
  const show = (email: string, token: string) => ({ user: { email, username: email.split('@')[0], token } })

  server.answer('POST /api/users/login', (response, request) => {
    const { user } = JSON.parse(request.body) as { user: { email: string; password: string } }
    const answer =
      user.password === 'wrong'
        ? answers.json({ errors: { 'email or password': ['is invalid'] } }, 422)
        : answers.json(show(user.email, server.issue(user.email).token))
    answer(response, request)
  })
  server.answer('GET /api/user', (response, request) => {
    const email = emailOf(request)
    const token = request.token?.replace(/^Token /, '') ?? ''
    const answer = email ? answers.json(show(email, token)) : answers.status(401)
    answer(response, request)
  })
  server.answer('GET /api/tags', answers.json({ tags: ['react', 'tests'] }))
  server.answer('GET /api/articles', (response, request) => {
    const mine = likes.get(emailOf(request) ?? '') ?? new Set()
    const articles = ['one', 'two'].map((slug) => ({
      slug,
      title: `Article ${slug}`,
      favorited: mine.has(slug),
      favoritesCount: [...likes.values()].filter((each) => each.has(slug)).length,
    }))
    answers.json({ articles, articlesCount: articles.length })(response, request)
  })
  server.answer('POST /api/articles/one/favorite', (response, request) => {
    const email = emailOf(request) ?? ''
    likes.set(email, new Set([...(likes.get(email) ?? []), 'one']))
    answers.json({ article: { slug: 'one' } })(response, request)
  })

  return { ...server, asked: (route) => server.received(route).map(emailOf) }
}

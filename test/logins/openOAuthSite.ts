import sirv from 'sirv'
import { type ApiServer, answers, openApiServer } from '../support/openApiServer.ts'
import { pagesFolder } from './buildPages.ts'
import { type Domains, openDomains } from './openDomains.ts'
import { type OpenProvider, openProvider } from './openProvider.ts'

export interface OAuthSite extends Domains {
  app: ApiServer
  provider: OpenProvider
}

/** An app with its API, which takes the tokens of a provider on another domain, and its own. */
export const openOAuthSite = async (): Promise<OAuthSite> => {
  const serve = sirv(pagesFolder, { single: true })
  const app: ApiServer = await openApiServer((request, response) => serve(request, response))
  const provider = await openProvider()
  for (const [path, show] of Object.entries({
    me: (id: string) => ({ id }),
    notes: (id: string) => [`private note of ${id}`],
  })) {
    app.answer(`GET /api/${path}`, async (response, request) => {
      const id = (await provider.whose(request.token)) ?? app.sessions.get(request.token ?? '')?.id
      const answer =
        id === undefined ? answers.json({ message: 'Unauthorized' }, 401) : answers.json(show(id))
      answer(response, request)
    })
  }
  const domains = await openDomains({ 'app.example.com': app.origin, 'login.example.com': provider.origin })
  return {
    ...domains,
    app,
    provider,
    close: async () => {
      await domains.close()
      await provider.close()
      await app.close()
    },
  }
}

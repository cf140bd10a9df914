import sirv from 'sirv'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'
import { answerPasskeys } from './answerPasskeys.ts'
import { pagesFolder } from './buildPages.ts'
import { type Domains, openDomains } from './openDomains.ts'

export interface StepsSite extends Domains {
  app: ApiServer
}

/** An app with its API, which also takes passkeys. */
export const openStepsSite = async (): Promise<StepsSite> => {
  const serve = sirv(pagesFolder)
  const app: ApiServer = await openApiServer((request, response) => serve(request, response))
  answerPasskeys(app)
  const domains = await openDomains({ 'app.example.com': app.origin })
  return {
    ...domains,
    app,
    close: async () => {
      await domains.close()
      await app.close()
    },
  }
}

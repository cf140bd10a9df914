import sirv from 'sirv'
import { type ApiServer, openApiServer } from '../support/openApiServer.ts'
import { answerPasskeys } from './answerPasskeys.ts'
import { pagesFolder } from './buildPages.ts'
import { type Domains, type Hold, openDomains } from './openDomains.ts'

export interface StepsSite {
  browser: Domains['browser']
  app: ApiServer
  close: () => Promise<void>
}

/** An app with its API, which also takes passkeys. */
export const openStepsSite = async (hold: Hold): Promise<StepsSite> => {
  const serve = sirv(pagesFolder)
  const app: ApiServer = await openApiServer((request, response) => serve(request, response))
  answerPasskeys(app)
  const domains = await openDomains({ 'app.example.com': app.origin }, hold)
  return {
    browser: domains.browser,
    app,
    close: async () => {
      await domains.close()
      await app.close()
    },
  }
}

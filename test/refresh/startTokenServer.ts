import { startApiServer } from '../support/apiServer.ts'
import { handOutPairs, type TokenServer } from '../support/handOutPairs.ts'

/** A server with short-lived tokens for one test: it closes after it. */
export const startTokenServer = async (): Promise<TokenServer> => handOutPairs(await startApiServer())

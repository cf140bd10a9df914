import type { CreateApiOptions } from './createApi.ts'

/** The options that the environment sets; an empty variable counts as none. */
export function readEnvironment(environment: NodeJS.ProcessEnv): CreateApiOptions {
  return {
    databaseUrl: environment['DATABASE_URL'] || undefined,
    databaseAuthToken: environment['DATABASE_AUTH_TOKEN'] || undefined,
    dataDirectory: environment['DATA_DIRECTORY'] || undefined,
    tokenSeconds: environment['TOKEN_SECONDS'] ? Number(environment['TOKEN_SECONDS']) : undefined,
    secret: environment['BETTER_AUTH_SECRET'] || undefined,
  }
}

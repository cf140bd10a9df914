import { client } from './generated/client.gen.ts'
import { createClient, createConfig } from './generated/client/index.ts'

/** For the client that all generated functions share. */
export const shareFetch = (fetch: typeof globalThis.fetch, baseUrl: string) =>
  client.setConfig({ baseUrl, fetch, throwOnError: true })

/** A client of its own, to be passed on: `listNotes({ client })`. */
export const createHttp = (fetch: typeof globalThis.fetch, baseUrl: string) =>
  createClient(createConfig({ baseUrl, fetch, throwOnError: true }))

import { createClient, createConfig } from './generated/client/index.ts'

export const createHttp = (fetch: typeof globalThis.fetch, baseUrl: string) =>
  createClient(createConfig({ baseUrl, fetch, throwOnError: true }))

import { client } from './generated-axios/client.gen.ts'

export const shareFetch = (fetch: typeof globalThis.fetch, baseURL: string) =>
  client.setConfig({ baseURL, adapter: 'fetch', env: { fetch }, throwOnError: true })

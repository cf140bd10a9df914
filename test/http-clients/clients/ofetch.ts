import { ofetch } from 'ofetch'

export const createHttp = (fetch: typeof globalThis.fetch, baseURL: string) =>
  ofetch.create({ baseURL, retry: false }, { fetch })

import axios from 'axios'

export const createHttp = (fetch: typeof globalThis.fetch, baseURL: string) =>
  axios.create({ baseURL, adapter: 'fetch', env: { fetch } })

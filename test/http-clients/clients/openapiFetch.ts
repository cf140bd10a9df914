import createClient from 'openapi-fetch'
import type { paths } from './notes.d.ts'

export const createHttp = (fetch: typeof globalThis.fetch, baseUrl: string) =>
  createClient<paths>({ baseUrl, fetch })

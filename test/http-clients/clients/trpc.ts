import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { AppRouter } from '../servers/answerTrpc.ts'

export const createTrpc = (fetch: typeof globalThis.fetch, url: string) =>
  createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, fetch })] })

import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import type { AnswerNotes, Notes } from '../openNotesServer.ts'

const trpc = initTRPC.context<Notes>().create()

/** What the client sends has to be what the procedure takes. */
const readString = (input: unknown): string => {
  if (typeof input !== 'string') throw new TypeError('A string is needed')
  return input
}

const router = trpc.router({
  list: trpc.procedure.input(readString).query(({ ctx, input }) => ctx.list(input)),
  add: trpc.procedure.input(readString).mutation(({ ctx, input }) => ctx.add(input)),
})

/** What the client knows of the server. */
export type AppRouter = typeof router

/** tRPC's own server. */
export const answerTrpc: AnswerNotes = (request, response, notes) =>
  createHTTPHandler({ router, basePath: '/trpc/', createContext: () => notes })(request, response)

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { afterEach } from 'vitest'
import { deferred, openApiServer } from '../support/openApiServer.ts'
import { answerGraphql } from './servers/answerGraphql.ts'
import { answerRest } from './servers/answerRest.ts'
import { answerTrpc } from './servers/answerTrpc.ts'
import { streamEvents } from './servers/streamEvents.ts'

/** What a client has asked of the notes, in whatever protocol. */
export interface NotesCall {
  act: 'list' | 'add' | 'stream'
  /** The tag of a list, the text of a note: as the server has read it. */
  text: string
  token: string | undefined
}

/** The notes as a protocol reaches them. */
export interface Notes {
  list: (tag: string) => string[]
  add: (text: string) => string
  stream: (tag: string) => string
}

/** Answers one request in its protocol. */
export type AnswerNotes = (
  request: IncomingMessage,
  response: ServerResponse,
  notes: Notes,
) => void | Promise<void>

const protocols: Record<string, AnswerNotes> = {
  notes: answerRest,
  graphql: answerGraphql,
  trpc: answerTrpc,
  events: streamEvents,
}

/** How much of an answer a server gives before it hangs. */
export type Beginning = 'nothing' | 'the beginning of a body'

/**
 * The API of the tests, whose notes can be asked for in several protocols, all on one real server on loopback. Its logins
 * are below `/api`.
 *
 * @param isOpen - Whether it answers everybody, as a public API does.
 */
export const openNotesServer = async (isOpen = false) => {
  const calls: NotesCall[] = []
  /** Of the requests for notes, answered or not. */
  const tokens: (string | undefined)[] = []
  const unfinished = new Set<ServerResponse>()
  let interrupt: ((response: ServerResponse) => void) | undefined

  const listener: RequestListener = (request, response) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '')
    tokens.push(token)
    if (interrupt) return interrupt(response)
    const user = api.sessions.get(token ?? '')
    if (!user && !isOpen) {
      response.writeHead(401, { 'Content-Type': 'application/json' })
      response.end('{"message":"Unauthorized"}')
      return undefined
    }
    const call = (act: NotesCall['act'], text: string) => {
      calls.push({ act, text, token })
      return `${text} of ${user?.email ?? 'nobody'}`
    }
    const notes: Notes = {
      list: (tag) => [call('list', tag)],
      add: (text) => call('add', text),
      stream: (tag) => call('stream', tag),
    }
    response.on('close', () => unfinished.delete(response))
    unfinished.add(response)
    const [, protocol = ''] = request.url?.split(/[/?]/) ?? []
    return void protocols[protocol]?.(request, response, notes)
  }

  const api = await openApiServer(listener)
  afterEach(api.close)

  return {
    origin: api.origin,
    /** The requests for a logout so far. */
    logouts: () => api.received('POST /api/auth/logout'),
    issue: api.issue,
    /** Ends the life of a token without a word. */
    expire: (token: string) => void api.sessions.delete(token),
    calls,
    tokens,
    /** The answers that have not come to their end. */
    unfinished,
    /** Breaks the connections of the answers that have not come to their end. */
    hangUp: () => unfinished.forEach((response) => response.destroy()),
    /**
     * Lets the next requests for notes hang.
     *
     * @returns When one has arrived, and when its connection was closed.
     */
    hang: (beginning: Beginning) => {
      const arrived = deferred()
      const closed = deferred()
      interrupt = (response) => {
        response.on('close', closed.resolve)
        if (beginning !== 'nothing') {
          response.writeHead(200, { 'Content-Type': 'application/json' })
          response.write('{"data":')
        }
        arrived.resolve()
      }
      return { arrived: arrived.promise, closed: closed.promise }
    },
    /** Answers again. */
    goOn: () => {
      interrupt = undefined
    },
  }
}

export type NotesServer = Awaited<ReturnType<typeof openNotesServer>>

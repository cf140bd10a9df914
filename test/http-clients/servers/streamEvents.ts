import type { AnswerNotes } from '../openNotesServer.ts'

/** Server-sent events: one, and then an open stream. */
export const streamEvents: AnswerNotes = (request, response, notes) => {
  const tag = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('tag') ?? ''
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.write(`retry: 20\ndata: ${notes.stream(tag)}\n\n`)
}

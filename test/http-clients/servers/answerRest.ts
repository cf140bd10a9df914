import type { AnswerNotes } from '../openNotesServer.ts'
import { readJson } from './readJson.ts'

/** `GET /notes?tag=` and `POST /notes` with `{ text }`, as `notes.openapi.json` says. */
export const answerRest: AnswerNotes = async (request, response, notes) => {
  const answer =
    request.method === 'GET'
      ? notes.list(new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('tag') ?? '')
      : notes.add(String((await readJson(request))['text']))
  response.writeHead(200, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(answer))
}

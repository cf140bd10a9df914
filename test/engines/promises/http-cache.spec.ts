import { answers, type ReceivedRequest } from '../../support/openApiServer.ts'
import { click, eventually, expect, logIn, noteOf, readText, test } from './promise.ts'

/** Each token's own note, with headers that let a browser keep it. */
const cacheable = (headers: Record<string, string>, emailOf: (request: ReceivedRequest) => string) =>
  ((response, request) =>
    answers.json(
      [`private note of ${emailOf(request)}`],
      200,
      headers,
    )(response, request)) satisfies ReturnType<typeof answers.json>

for (const [name, headers] of Object.entries({
  'an answer that may be kept for a minute': { 'Cache-Control': 'private, max-age=60' },
  'an answer that says when it was changed': { 'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT' },
})) {
  test(`${name} is not the next user’s`, { tag: '@short' }, async ({ openTab, promises, site }) => {
    const emailOf = ({ token = '' }: ReceivedRequest) => site.sessions.get(token)?.email ?? 'nobody'
    site.answer('GET /api/notes', cacheable(headers, emailOf))
    const tab = await openTab()
    await logIn(tab, 'ada')
    await click(tab, 'Log out')
    await eventually(() => readText(tab)).toContain('Signed out')
    await promises(async (eventually) => {
      await click(tab, 'Log in as alan')
      await eventually(() => readText(tab)).toContain(noteOf('alan'))
      expect(await readText(tab)).not.toContain(noteOf('ada'))
      expect(site.received('GET /api/notes')).toHaveLength(2)
    })
  })
}

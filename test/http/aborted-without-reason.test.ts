import { describe, expect, it } from 'vitest'
import { ended, failure, hang, signedIn } from '../support/requests.ts'

/** A signal that a caller aborts without a reason, which is all that older platforms know. */
const open = () => {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

const aborted = expect.objectContaining({ name: 'AbortError' })

describe.each(['api', 'fetch'] as const)(
  'a caller’s signal that is aborted without a reason, given to %s,',
  (how) => {
    it('aborts a request in flight, and the session goes on', async () => {
      const { server, client, notes } = await signedIn()
      const { arrived, closed } = hang(server, 'GET /api/notes')
      const { signal, abort } = open()
      const asked = failure(client[how](notes, { signal }))
      await arrived
      abort()
      expect(await asked).toEqual(aborted)
      await closed
      expect(client.getState().status).toBe('signed-in')
    })

    it('keeps a request from being sent if it is aborted already', async () => {
      const { server, client, notes } = await signedIn()
      const { signal, abort } = open()
      abort()
      expect(await failure(client[how](notes, { signal }))).toEqual(aborted)
      expect(server.received('GET /api/notes')).toEqual([])
    })

    it('leaves the end of the session its own reason', async () => {
      const { server, client, notes } = await signedIn()
      const { arrived } = hang(server, 'GET /api/notes')
      const { signal } = open()
      const asked = failure(client[how](notes, { signal }))
      await arrived
      void client.logout()
      expect(await asked).toEqual(ended('logout'))
    })
  },
)

it('the session’s own signal knows why it was aborted', async () => {
  const { client } = await signedIn()
  const signal = client.getSignal()
  await client.logout()
  expect(signal.reason).toEqual(ended('logout'))
})

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { useQuery } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { ada, bob, renderApp } from '../support/renderApp.tsx'
import { useHttp } from './clients/useHttp.ts'
import { signIn } from './signIn.ts'

const here = (path: string): string => join(import.meta.dirname, path)
const read = (path: string): string => readFileSync(here(path), 'utf8')

const snippets = Array.from(
  read('../../docs/guide/http-clients.md').matchAll(/^```(.*)\n([^]*?)^```$/gm),
  ([, , code = '']) => code,
)

/** The clients that the tests run: all files but what a tool would make. */
const clients = readdirSync(here('clients')).filter((name) => /^[^.]+\.tsx?$/.test(name))

export const describeGuide = (): void => {
  describe('the guide to HTTP clients', () => {
    it('shows the code that is run here, and nothing else', () => {
      expect(clients.length).toBeGreaterThan(9)
      expect(snippets.sort()).toEqual(clients.map((name) => read(`clients/${name}`)).sort())
    })

    it('shows snippets of at most fifteen lines', () => {
      const long = snippets.filter((code) => code.split('\n').filter(Boolean).length > 15)
      expect(long).toEqual([])
    })

    it('shows code that compiles with the types of the clients', async () => {
      const compiler = here('../../node_modules/.bin/tsc')
      const output = await promisify(execFile)(compiler, ['-p', here('.')]).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      )
      expect(output).toBe('')
    })

    it('shows a hook whose client is always that of the session on screen', async () => {
      const { server, app, client, token } = await signIn()
      const Notes = () => {
        const http = useHttp(server.origin)
        const { data } = useQuery({
          queryKey: ['notes'],
          queryFn: async ({ signal }) =>
            (await http.GET('/notes', { params: { query: { tag: 'tag' } }, signal })).data,
        })
        return <p>{data?.join() ?? 'nothing'}</p>
      }
      const { container } = renderApp(app, <Notes />)
      await waitFor(() => expect(container.textContent).toBe(`tag of ${ada.email}`))
      await act(() => client.logout())
      expect(container.textContent).toBe('nothing')
      const next = await act(() => client.login(bob))
      await waitFor(() => expect(container.textContent).toBe(`tag of ${bob.email}`))
      expect(server.tokens).toEqual([token, next.token])
    })
  })
}

import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, vi } from 'vitest'
import { openRecipe, type RecipeClient } from '../recipes/openRecipe.ts'
import type { Backend } from './backends.ts'
import { type Gateway, openGateway } from './openGateway.ts'
import type { PythonServer } from './preparePython.ts'

/** A backend that runs for the tests of one `describe`, and in each of them a page of its recipe before a gateway. */
export const setUpBackend = ({ name, start, packages, recipe, change, carry, credentials }: Backend) => {
  let server: PythonServer
  let gateway: Gateway
  let client: RecipeClient

  if (!start) console.warn(`${name} is not tested: of ${packages} something cannot be imported.`)

  beforeAll(async () => {
    if (start) server = await start()
  })
  afterAll(() => server.close())

  /** Loads the page, with nothing but the browser's storage left of the page before. */
  const open = async () => {
    client = await openRecipe(recipe, gateway.origin, change)
  }

  beforeEach(async () => {
    gateway = await openGateway(server.origin)
    await open()
  })
  afterEach(async () => {
    client.unmount()
    await gateway.close()
  })

  const getClient = () => client
  /** Asks the server, past signoff. */
  const ask = (path: string, token: string) =>
    fetch(server.origin + path, { headers: { Authorization: carry(token) } })

  return {
    getClient,
    ask,
    post: (path: string, json: object = {}, headers: Record<string, string> = {}) =>
      fetch(server.origin + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(json),
      }),
    getGateway: () => gateway,
    /** Another tab of the same page, once it knows the user. */
    openTab: async (): Promise<RecipeClient> => {
      const tab = await openRecipe(recipe, gateway.origin, change)
      onTestFinished(tab.unmount)
      await vi.waitFor(() => expect(tab.getState().status).toBe('signed-in'))
      return tab
    },
    reload: async () => {
      client.unmount()
      await open()
    },
    settled: async () => {
      await vi.waitFor(() => expect(client.getState().status).not.toBe('restoring'))
      return client.getState()
    },
    logIn: (user: string) => client.login(credentials(user)),
    readNotes: () => client.api.get('notes/').json(),
    isAlive: async (token: string) => (await ask('/notes/', token)).ok,
    /** The `Authorization` of what has passed to a route. */
    carried: (route: string | undefined) =>
      gateway.requests
        .filter((request) => request.route === route)
        .map(({ headers }) => headers.authorization),
  }
}

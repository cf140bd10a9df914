import { onTestFinished, vi } from 'vitest'
import { startApiServer } from './apiServer.ts'

/** As a browser does, and Node does not: addresses are relative to the page. */
const resolveAddresses = (): void => {
  const { fetch, Request } = globalThis
  const absolute = (input: RequestInfo | URL) =>
    typeof input === 'string' ? new URL(input, document.baseURI) : input
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => fetch(absolute(input), init))
  vi.stubGlobal(
    'Request',
    class extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(absolute(input), init)
      }
    },
  )
  onTestFinished(() => void vi.unstubAllGlobals())
}

/** Makes the page of the test one at an origin: what is imported from here on is loaded anew. */
export const visit = (address: string): void => {
  Reflect.get(window, 'happyDOM').setURL(address)
  resolveAddresses()
  vi.resetModules()
}

/** The page at a path of a server of its own, before it has loaded anything. */
export const openPage = async (path: string) => {
  const server = await startApiServer()
  visit(server.origin + path)
  return { server }
}

/** All that stands in the page from here on, at every change of it, whether a test looks at it or not. */
export const recordPage = (): string[] => {
  const pages: string[] = []
  const observer = new MutationObserver(() => pages.push(document.body.textContent))
  observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  onTestFinished(() => observer.disconnect())
  return pages
}

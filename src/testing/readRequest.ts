import type { TestRequest } from './TestRequest.ts'

/** A request before it is known whose it is. */
export interface ReceivedRequest extends Omit<TestRequest, 'params' | 'user'> {
  readonly token: string | null
}

/** As a browser does it: a path is one of the page's origin. */
const resolveUrl = (url: string): URL => new URL(url, globalThis.location?.href)

/** Makes one `Request` of what `fetch` is called with. */
export const toRequest = (input: RequestInfo | URL, init: RequestInit | undefined): Request =>
  new Request(input instanceof Request ? input : resolveUrl(String(input)), init)

const readBody = async (request: Request): Promise<unknown> => {
  const text = request.body && (await request.text())
  if (!text) return undefined
  return /\bjson\b/.test(request.headers.get('Content-Type') ?? '') ? JSON.parse(text) : text
}

/** Takes a request apart, its token away from the rest. */
export const readRequest = async (request: Request, baseUrl: string): Promise<ReceivedRequest> => {
  const { method, url } = request
  const root = resolveUrl(baseUrl.replace(/\/*$/, '/')).href
  const [address = ''] = url.split(/[?#]/)
  const headers = new Headers(request.headers)
  const token = headers.get('Authorization')?.replace(/^Bearer /i, '') ?? null
  headers.delete('Authorization')
  return {
    method,
    path: address.startsWith(root) ? address.slice(root.length) : address,
    searchParams: new URL(url).searchParams,
    headers,
    body: await readBody(request),
    token,
  }
}

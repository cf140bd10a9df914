import type { TestRequest } from './TestRequest.ts'

/** A request before its user is known. */
export interface ReceivedRequest extends Omit<TestRequest, 'params' | 'user'> {
  readonly token: string | null
}

/** Resolves an address as a browser does: a path belongs to the page's origin. */
const resolveUrl = (url: string): URL => new URL(url, globalThis.location?.href)

/** Makes one `Request` from the arguments of `fetch`. */
export const toRequest = (input: RequestInfo | URL, init: RequestInit | undefined): Request =>
  new Request(input instanceof Request ? input : resolveUrl(String(input)), init)

const readBody = async (request: Request): Promise<unknown> => {
  const text = request.body && (await request.text())
  if (!text) return undefined
  return /\bjson\b/.test(request.headers.get('Content-Type') ?? '') ? JSON.parse(text) : text
}

/** Reads the parts of a request, and separates its token from them. */
export const readRequest = async (request: Request, baseUrl: string): Promise<ReceivedRequest> => {
  const { method, url } = request
  const root = resolveUrl(baseUrl.replace(/\/*$/, '/')).href
  const [address = ''] = url.split(/[?#]/)
  const headers = new Headers(request.headers)
  const token = headers.get('Authorization')?.replace(/^\w+ /, '') ?? null
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

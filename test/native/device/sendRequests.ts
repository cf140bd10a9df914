import http from 'node:http'

export interface NativeRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string | Uint8Array | undefined
  redirect?: 'follow' | 'error' | 'manual'
}

export interface NativeAnswer {
  status: number
  statusText: string
  headers: http.IncomingHttpHeaders
  url: string
  redirected: boolean
  body: Buffer
}

let isOnline = true

/** Without a connection, requests fail. */
export const connect = (next: boolean): void => {
  isOnline = next
}

/** All requests that native code was asked to send, and how many of them it was asked to take back. */
export const sent: NativeRequest[] = []
export const takenBack = { count: 0 }

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/**
 * Stands in for the native code that sends requests: it asks a real server. As on a phone, it takes `Authorization` to no
 * other origin.
 *
 * @returns What takes the request back.
 */
export const sendRequest = (
  request: NativeRequest,
  onAnswer: (answer: NativeAnswer) => void,
  onFailure: (message: string) => void,
): (() => void) => {
  let outgoing: http.ClientRequest
  let isOver = false
  const end = (act: () => void): void => {
    if (!isOver) act()
    isOver = true
  }
  const send = ({ method, url, headers, body, redirect }: NativeRequest, redirected: boolean): void => {
    outgoing = http.request(url, { method, headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const status = incoming.statusCode ?? 0
        const { location } = incoming.headers
        if (isRedirect(status) && location && redirect !== 'manual') {
          if (redirect === 'error') return end(() => onFailure('redirect is not allowed'))
          const next = new URL(location, url)
          const { authorization, ...others } = headers
          const kept = authorization && next.origin === new URL(url).origin ? headers : others
          const again =
            status > 303 || method === 'GET' ? { method, body } : { method: 'GET', body: undefined }
          return send({ ...again, url: next.href, headers: kept }, true)
        }
        end(() =>
          onAnswer({
            status,
            statusText: incoming.statusMessage ?? '',
            headers: incoming.headers,
            url,
            redirected,
            body: Buffer.concat(chunks),
          }),
        )
      })
    })
    outgoing.on('error', ({ message }) => end(() => onFailure(message)))
    outgoing.end(body)
    if (!isOnline) outgoing.destroy(new Error('The Internet connection appears to be offline.'))
  }
  sent.push(request)
  send(request, false)
  return () =>
    end(() => {
      takenBack.count += 1
      outgoing.destroy()
    })
}

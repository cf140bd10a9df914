import { sendRequest } from './sendRequests.ts'

/** What React Native's `XMLHttpRequest` asks native code for. */
interface XhrRequest {
  method: string
  url: string
  headers: Record<string, string>
  data: { string?: string; blob?: { blobId: string } }
  responseType: 'blob' | 'text' | 'base64'
}

type Emit = (event: string, given: unknown[]) => void

/** The bodies that only native code has; JavaScript knows them by their number. */
const blobs = new Map<string, Buffer>()

/** The native modules below React Native's own `fetch`. */
export const createNetworking = (emit: Emit) => {
  const open = new Map<number, () => void>()
  let count = 0

  const send = (id: number, { data, responseType, ...request }: XhrRequest): void => {
    const stop = sendRequest(
      { ...request, body: data.blob ? blobs.get(data.blob.blobId) : data.string },
      ({ status, headers, url, body }) => {
        const blobId = `answer-${id}`
        if (responseType === 'blob') blobs.set(blobId, body)
        emit('didReceiveNetworkResponse', [id, status, headers, url])
        emit('didReceiveNetworkData', [
          id,
          responseType === 'blob'
            ? { blobId, offset: 0, size: body.length, type: headers['content-type'] ?? '' }
            : body.toString(responseType === 'base64' ? 'base64' : 'utf8'),
        ])
        emit('didCompleteNetworkResponse', [id, null, false])
      },
      (message) => emit('didCompleteNetworkResponse', [id, message, false]),
    )
    open.set(id, stop)
  }

  return {
    Networking: {
      sendRequest: (request: XhrRequest, callback: (id: number) => void): void => {
        count += 1
        callback(count)
        send(count, request)
      },
      abortRequest: (id: number): void => open.get(id)?.(),
      clearCookies: (): void => {},
      addListener: (): void => {},
      removeListeners: (): void => {},
    },
    BlobModule: {
      getConstants: () => ({ BLOB_URI_SCHEME: 'blob', BLOB_URI_HOST: null }),
      addNetworkingHandler: (): void => {},
      createFromParts: (parts: { data: string }[], blobId: string): void =>
        void blobs.set(blobId, Buffer.from(parts.map(({ data }) => data).join(''))),
      release: (blobId: string): void => void blobs.delete(blobId),
    },
    FileReaderModule: {
      readAsText: async ({ blobId }: { blobId: string }) => String(blobs.get(blobId)),
      readAsDataURL: async ({ blobId }: { blobId: string }) =>
        `data:;base64,${blobs.get(blobId)?.toString('base64')}`,
    },
  }
}

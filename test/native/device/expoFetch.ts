import { type NativeAnswer, sendRequest } from './sendRequests.ts'

interface Emitter {
  addListener: (event: string, listener: (given?: unknown) => void) => unknown
  removeListener: (event: string, listener: () => void) => void
  removeAllListeners: (event: string) => void
  emit: (event: string, given?: unknown) => void
}

interface Init {
  method: string
  headers: [string, string][]
  redirect: 'follow' | 'error' | 'manual'
}

/** The native module below the `fetch` of Expo. */
export const createExpoFetch = (SharedObject: new () => Emitter) => {
  class NativeResponse extends SharedObject {
    answer: NativeAnswer | undefined

    get _rawHeaders(): [string, unknown][] {
      return Object.entries(this.answer?.headers ?? {})
    }
    get status(): number {
      return this.answer?.status ?? -1
    }
    get statusText(): string {
      return this.answer?.statusText ?? ''
    }
    get url(): string {
      return this.answer?.url ?? ''
    }
    get redirected(): boolean {
      return this.answer?.redirected ?? false
    }
    get bodyUsed(): boolean {
      return false
    }
    async startStreaming(): Promise<Uint8Array | undefined> {
      return this.answer && new Uint8Array(this.answer.body)
    }
    cancelStreaming(): void {}
    async arrayBuffer(): Promise<ArrayBufferLike | undefined> {
      return this.answer && new Uint8Array(this.answer.body).buffer
    }
    async text(): Promise<string> {
      return String(this.answer?.body)
    }
  }

  class NativeRequest extends SharedObject {
    readonly response: NativeResponse
    stop: (() => void) | undefined
    fail: ((error: Error) => void) | undefined

    constructor(response: NativeResponse) {
      super()
      this.response = response
    }
    start(url: string, { headers, ...init }: Init, body: Uint8Array | null): Promise<void> {
      return new Promise((resolve, reject) => {
        this.fail = reject
        this.stop = sendRequest(
          { ...init, url, headers: Object.fromEntries(headers), body: body ?? undefined },
          (answer) => {
            this.response.answer = answer
            resolve()
          },
          (message) => reject(new Error(message)),
        )
      })
    }
    cancel(): void {
      this.stop?.()
      this.fail?.(new Error('The operation was canceled.'))
    }
  }

  return { NativeRequest, NativeResponse }
}

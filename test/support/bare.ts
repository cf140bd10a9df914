import { readFileSync } from 'node:fs'
import { AbortController as OldController, AbortSignal as OldSignal } from 'abort-controller'
import { beforeEach, expect } from 'vitest'
import { needs } from './bareNeeds.ts'

/*
 * `--mode bare`: a platform with no more than React Native 0.86 has. Its signals come from `abort-controller` 3, and know no
 * reason; its `fetch` and `Request` take such signals. `WeakRef` and `structuredClone` are taken from the source alone
 * (`vite.config.ts`). A file whose tests render, or speak to the page themselves, keeps its `document`.
 */

const { fetch: send, Request: NodeRequest, AbortController: NodeController } = globalThis

class BareRequest extends NodeRequest {
  constructor(input: RequestInfo | URL, init: RequestInit = {}) {
    const { signal, ...rest } = init
    super(input, rest)
    const own = signal ?? (input instanceof BareRequest && signal !== null ? input.signal : null)
    Object.defineProperty(this, 'signal', { value: own ?? new OldController().signal })
  }

  override clone(): Request {
    const copy = super.clone()
    // What Node clones is of its own class.
    return Object.setPrototypeOf(
      Object.defineProperty(copy, 'signal', { value: this.signal }),
      BareRequest.prototype,
    ) as Request
  }
}

const bareFetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  const request = new BareRequest(input, init)
  const { signal } = request
  const controller = new NodeController()
  const abort = () => controller.abort(Object.assign(new Error('Aborted'), { name: 'AbortError' }))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const { keepalive, redirect } = request
  return send(new NodeRequest(request, { signal: controller.signal }), { keepalive, redirect })
}

Object.assign(globalThis, {
  AbortController: OldController,
  AbortSignal: OldSignal,
  Request: BareRequest,
  fetch: bareFetch,
})
Reflect.deleteProperty(globalThis, 'BroadcastChannel')
if (globalThis.navigator && 'locks' in globalThis.navigator)
  Object.defineProperty(globalThis.navigator, 'locks', { value: undefined, configurable: true })
Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true, writable: true })

const { testPath = '' } = expect.getState()
const file = testPath.replace(/^.*\/test\//, '')
const isOnPage = /\brender\w*\(|\b(?:document|window|playScene)\b/.test(readFileSync(testPath, 'utf8'))
if (!isOnPage) Reflect.deleteProperty(globalThis, 'document')

beforeEach(({ task, skip }) => {
  for (const { reason, tests } of needs) {
    if (tests[file]?.some((name) => task.fullTestName.includes(name))) skip(reason)
  }
})

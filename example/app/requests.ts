import { createStore } from './createStore.ts'

interface TrackedRequest {
  readonly path: string
}

/** The requests of the session that are on their way. */
export const requests = createStore<readonly TrackedRequest[]>([])

/** How many refreshes the API has answered this tab with new tokens. */
export const refreshAnswers = createStore(0)

/** `fetch` that lists each request in `requests` for as long as it is on its way, and counts the refreshes. */
export async function trackedFetch(request: Request): Promise<Response> {
  const entry: TrackedRequest = { path: `${request.method} ${new URL(request.url).pathname}` }
  const remove = (): void => requests.set(requests.get().filter((other) => other !== entry))

  requests.set([...requests.get(), entry])
  // An aborted request is gone at once; its promise only says so a moment later.
  request.signal.addEventListener('abort', remove, { once: true })
  try {
    const response = await fetch(request, { keepalive: request.keepalive })
    if (response.ok && entry.path === 'POST /api/auth/refresh') refreshAnswers.set(refreshAnswers.get() + 1)
    return response
  } finally {
    request.signal.removeEventListener('abort', remove)
    remove()
  }
}

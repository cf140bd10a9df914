import type { Lifetime } from './createLifetime.ts'

const readers = ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text'] as const

/** Reads only while somebody reads from it, so a body that nobody reads leaves nothing behind. */
const holdStream = (stream: ReadableStream<Uint8Array>, { hold }: Lifetime): ReadableStream<Uint8Array> => {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  return new ReadableStream(
    {
      pull: async (controller) => {
        reader ??= stream.getReader()
        const { done, value } = await hold(reader.read())
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => (reader ?? stream).cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** Binds the body of a response to the lifetime of its request: after the end nobody gets anything of it. */
export const holdBody = (response: Response, lifetime: Lifetime): Response => {
  const { body } = response
  for (const name of readers) {
    const read: unknown = response[name]
    if (typeof read !== 'function') continue
    const held =
      name === 'clone'
        ? () => holdBody(Reflect.apply(read, response, []) as Response, lifetime)
        : () => lifetime.hold(Reflect.apply(read, response, []) as Promise<unknown>)
    Object.defineProperty(response, name, { value: held })
  }
  if (body) Object.defineProperty(response, 'body', { value: holdStream(body, lifetime) })
  return response
}

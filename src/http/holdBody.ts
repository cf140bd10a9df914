import type { Lifetime } from './createLifetime.ts'

const readers = ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text'] as const

type Stream = ReadableStream<Uint8Array>
type TextStream = ReadableWritablePair<string, Uint8Array>

/** Reads on only while somebody reads: a body that nobody reads leaves nothing behind. */
const holdStream = (getStream: () => Stream, { hold }: Lifetime): Stream => {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  return new ReadableStream(
    {
      pull: async (controller) => {
        reader ??= getStream().getReader()
        await hold(reader.read(), ({ done, value }) => {
          if (done) controller.close()
          else controller.enqueue(value)
        })
      },
      cancel: (reason) => (reader ?? getStream()).cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

const held = new WeakSet<Response>()

/** Binds what is read of a response to the lifetime of its request, once: nothing of it is handed on after the end. */
export const holdBody = (response: Response, lifetime: Lifetime): Response => {
  if (held.has(response)) return response
  held.add(response)
  const { body } = response
  // As it is on the prototype: whoever is given the response may put something else in its place.
  const define = (name: string, value: unknown): unknown =>
    Object.defineProperty(response, name, { value, writable: true, configurable: true })

  for (const name of readers) {
    const read: unknown = response[name]
    if (typeof read !== 'function') continue
    const heldRead =
      name === 'clone'
        ? () => holdBody(Reflect.apply(read, response, []) as Response, lifetime)
        : () => lifetime.hold(Reflect.apply(read, response, []) as Promise<unknown>)
    define(name, heldRead)
  }
  if (body) {
    // A clone leaves the response with another stream.
    const getBody = () => (Reflect.get(Object.getPrototypeOf(response), 'body', response) ?? body) as Stream
    const stream = holdStream(getBody, lifetime)
    define('body', stream)
    // Newer than the others: Chromium 156 has it.
    if ('textStream' in response)
      define('textStream', () => stream.pipeThrough(new TextDecoderStream() as TextStream))
  }
  return response
}

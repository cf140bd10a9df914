import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

/** The parsed body of a request. */
export const readJson = async (request: IncomingMessage): Promise<Record<string, unknown>> =>
  JSON.parse(await text(request)) as Record<string, unknown>

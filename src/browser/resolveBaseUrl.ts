import { safely } from '../errors/safely.ts'

/**
 * The root of an API against the page's address, not against its `<base href>`, which may be of another origin. A server
 * and an opaque page have no address: there it must be absolute.
 */
export const resolveBaseUrl = (baseUrl: string): string =>
  safely(
    () => new URL(baseUrl, globalThis.location?.href).href,
    () => {},
  ) ?? baseUrl

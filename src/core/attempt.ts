declare const process: { readonly env: { readonly NODE_ENV?: string } }

/**
 * Does what may fail without stopping anything: what it throws, or rejects with, is told to the developer. Silent in
 * production.
 *
 * @param what - Names what may fail, for the message. Never a token or password.
 * @returns What `act` returns, `undefined` where it throws.
 */
export const attempt = <T>(what: string, act: () => T): T | undefined => {
  const report = (error: unknown): void => {
    if (process.env.NODE_ENV !== 'production') console.warn(`signoff: ${what} failed:`, error)
  }
  try {
    const result = act()
    if (result instanceof Promise) result.catch(report)
    return result
  } catch (error) {
    report(error)
    return undefined
  }
}

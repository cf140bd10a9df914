declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Tells the developer of a fault that stops nothing. Silent in production. `what` never names a token or password. */
export const report = (what: string, error: unknown): void => {
  if (process.env.NODE_ENV !== 'production') console.warn(`signoff: ${what} failed:`, error)
}

/**
 * Does what may fail without stopping anything: what it throws, or rejects with, is reported.
 *
 * @returns What `act` returns, `undefined` where it throws.
 */
export const attempt = <T>(what: string, act: () => T): T | undefined => {
  try {
    const result = act()
    if (result instanceof Promise) result.catch((error: unknown) => report(what, error))
    return result
  } catch (error) {
    report(what, error)
    return undefined
  }
}

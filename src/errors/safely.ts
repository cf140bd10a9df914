declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Tells the developer of a failure that stops nothing. Silent in production. Never given a token or password. */
export const report = (failure: unknown): void => {
  if (process.env.NODE_ENV !== 'production')
    console.warn('signoff: this failed, and stopped nothing:', failure)
}

/**
 * Does what may fail without stopping anything.
 *
 * @param onFailure - Is given what `act` throws, or rejects with. Default: `report`.
 * @returns What `act` returns, `undefined` where it throws.
 */
export const safely = <T>(act: () => T, onFailure: (failure: unknown) => void = report): T | undefined => {
  try {
    const result = act()
    if (result instanceof Promise) result.catch(onFailure)
    return result
  } catch (error) {
    onFailure(error)
    return undefined
  }
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Bundlers of apps replace the name. What only development needs asks by it itself, so that they drop the texts as well. */
export const isDevelopment = (): boolean => process.env.NODE_ENV !== 'production'

/** Tells the developer of a failure that stops nothing. Silent in production. It is never given a token or password. */
export const report = (failure: unknown): void => {
  if (process.env.NODE_ENV !== 'production')
    console.warn('signoff: this failed, and stopped nothing:', failure)
}

/** Tells the developer of something that is probably not meant. Silent in production. */
export const hint = (sentence: string): void => {
  if (process.env.NODE_ENV !== 'production') console.warn(`signoff: ${sentence}`)
}

/**
 * Calls a function. If it fails, nothing else stops.
 *
 * @param onFailure - Gets what `act` throws or rejects with. Default: `report`.
 * @returns What `act` returns, `undefined` if it throws.
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

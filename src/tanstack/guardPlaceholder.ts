import type { Query } from '@tanstack/react-query'

type Observer = Query['observers'][number]
type Options = Observer['options']
type Placeholder = (data: unknown, query: Query | undefined) => unknown

interface Results {
  createResult?: (query: Query, options: Options) => unknown
}

const guarded = new WeakMap<object, Placeholder>()

/**
 * Lets an observer's `placeholderData` see no previous query where that is a blank one. TanStack gives one only where it has
 * data, so the app's function may rely on that.
 */
export const guardPlaceholder = (observer: Observer, isBlank: (query: Query) => boolean): void => {
  const own = observer as unknown as Results
  const { createResult } = own
  if (!createResult || Object.hasOwn(own, 'createResult')) return

  const guard = (placeholder: Placeholder): Placeholder => {
    const known = guarded.get(placeholder)
    if (known) return known
    const asked: Placeholder = (data, query) =>
      query && isBlank(query) ? placeholder(undefined, undefined) : placeholder(data, query)
    guarded.set(placeholder, asked)
    return asked
  }
  own.createResult = (query, options) => {
    const { placeholderData } = options as { placeholderData?: unknown }
    return createResult.call(
      observer,
      query,
      typeof placeholderData === 'function'
        ? ({ ...options, placeholderData: guard(placeholderData as Placeholder) } as Options)
        : options,
    )
  }
}

/**
 * Makes a function that puts something on an object of the app's: once for each object, however many ask for it, and
 * as long as one of them does.
 *
 * @param put - Puts it on. Is given all who ask for it at any time. Returns a function that gives the object back as it was.
 * @returns A function that takes the object and who asks. Returns a function that withdraws.
 */
export const createPatch = <TTarget extends object, TAsker>(
  put: (target: TTarget, askers: ReadonlySet<TAsker>) => () => void,
): ((target: TTarget, asker: TAsker) => () => void) => {
  const patches = new WeakMap<TTarget, { askers: Set<TAsker>; giveBack: () => void }>()

  const start = (target: TTarget): { askers: Set<TAsker>; giveBack: () => void } => {
    const askers = new Set<TAsker>()
    const patch = { askers, giveBack: put(target, askers) }
    patches.set(target, patch)
    return patch
  }

  return (target, asker) => {
    const { askers, giveBack } = patches.get(target) ?? start(target)
    askers.add(asker)
    return () => {
      if (!askers.delete(asker) || askers.size > 0) return
      patches.delete(target)
      giveBack()
    }
  }
}

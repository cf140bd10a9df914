/**
 * Makes a function that patches an object of the app's: once for each object, however many ask for it, and only while one
 * of them does.
 *
 * @param put - Patches the object. Gets a set of all who ask, which stays up to date. Returns a function that restores the
 * object.
 * @returns A function of the object and of who asks. It returns a function that withdraws the request.
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

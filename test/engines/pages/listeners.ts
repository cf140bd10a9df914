/** How many listeners each target has, from the moment that this module is loaded. */
const counted = new WeakMap<EventTarget, Map<string, Set<unknown>>>()

const { addEventListener, removeEventListener } = EventTarget.prototype

const setOf = (target: EventTarget, type: string): Set<unknown> => {
  const types = counted.get(target) ?? new Map<string, Set<unknown>>()
  const listeners = types.get(type) ?? new Set()
  counted.set(target, types.set(type, listeners))
  return listeners
}

EventTarget.prototype.addEventListener = function (...given) {
  setOf(this, given[0]).add(given[1])
  addEventListener.apply(this, given)
}

EventTarget.prototype.removeEventListener = function (...given) {
  setOf(this, given[0]).delete(given[1])
  removeEventListener.apply(this, given)
}

export const countListeners = (target: EventTarget): number =>
  [...(counted.get(target)?.values() ?? [])].reduce((sum, { size }) => sum + size, 0)

import { useSyncExternalStore } from 'react'
import { flushSync } from 'react-dom'

let isShown = false
let notify = (): void => {}

const subscribe = (listener: () => void): (() => void) => {
  notify = listener
  return () => {}
}

/** Whether the components that are mounted later are on screen. */
export const useIsShown = (): boolean => useSyncExternalStore(subscribe, () => isShown)

/** Mounts or unmounts them. Returns when React has committed and has run their effects. */
export const showMore = (next: boolean): void => {
  isShown = next
  // What React renders at once, it runs the effects of at once.
  flushSync(notify)
}

/** Calls back once when the page is left, or goes into the back/forward cache. Returns a function that stops that. */
export const whenLeaving = (act: () => void): (() => void) => {
  // Where there is no page, none is left.
  if (typeof document === 'undefined') return () => {}
  window.addEventListener('pagehide', act, { once: true })
  return () => window.removeEventListener('pagehide', act)
}

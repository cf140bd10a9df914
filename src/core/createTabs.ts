export interface Tabs {
  /** Starts to listen. Does nothing where there is no window. */
  open: () => void
  /** Stops to listen and leaves no listener behind. */
  close: () => void
  /** Tells the other tabs that the user has done something here: signed out, or called for a login. Never a token. */
  post: () => void
}

/**
 * Listens to the other tabs. The storage is the truth between them, everything heard here is but a hint to read it
 * again: `storage` events (lost by frozen pages), `pageshow`, `visibilitychange` and `focus`.
 *
 * The channel also keeps signed-out pages from coming back: Chromium drops a page from its back/forward cache that
 * holds an open `BroadcastChannel` and is sent a message while frozen. A `pageshow` handler alone is too late: one
 * frame of the old page is painted before it.
 *
 * @param name - Tabs of the same API share it.
 * @param onHint - The storage may have changed.
 * @param onMessage - The user has done something in another tab.
 */
export const createTabs = (name: string, onHint: () => void, onMessage: () => void): Tabs => {
  // A server; React Native has a `window`, but one without events.
  const isHeadless = typeof document === 'undefined'
  let channel: BroadcastChannel | undefined

  const listen = (change: 'addEventListener' | 'removeEventListener'): void => {
    if (isHeadless) return
    for (const event of ['storage', 'pageshow', 'focus']) window[change](event, onHint)
    document[change]('visibilitychange', onHint)
  }

  return {
    open: () => {
      listen('addEventListener')
      if (isHeadless || !globalThis.BroadcastChannel) return
      channel = new BroadcastChannel(name)
      channel.addEventListener('message', () => {
        onMessage()
        onHint()
      })
    },
    close: () => {
      listen('removeEventListener')
      channel?.close()
      channel = undefined
    },
    post: () => channel?.postMessage(null),
  }
}

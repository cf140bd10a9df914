import { safely } from '../errors/safely.ts'
import type { TokenStorage } from './TokenStorage.ts'

/**
 * What has happened in another tab, and when (milliseconds since the epoch): the user called for a login or a logout
 * there, or the session came to its end there, and that tab sees to its token. Never a token.
 */
export interface TabMessage {
  act: 'login' | 'logout' | 'end'
  at: number
  /** When the user did what the end came of; `0` where it came of no act of the user's. */
  by?: number
}

export interface Tabs {
  /**
   * Starts to listen. Does nothing where there is no window.
   *
   * @param onHint - The storage may have changed.
   * @param onMessage - Another tab has told something; of a tab with a token of its own, that there was something.
   */
  open: (onHint: () => void, onMessage: (message: Partial<TabMessage>) => void) => void
  /** Stops to listen and leaves no listener behind. */
  close: () => void
  /** Whether other tabs can be asked. */
  isOpen: () => boolean
  /** Tells the other tabs. */
  post: (act: TabMessage['act'], by?: number) => void
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
 * @param scope - Of the token's storage. A tab with a token of its own tells and hears nothing but that there was something.
 */
export const createTabs = (name: string, scope: TokenStorage['scope']): Tabs => {
  // A server; React Native has a `window`, but one without events.
  const isHeadless = typeof document === 'undefined'
  let channel: BroadcastChannel | undefined
  let stopListening: (() => void) | undefined

  return {
    open: (onHint, onMessage) => {
      if (isHeadless) return
      const listen = (change: 'addEventListener' | 'removeEventListener'): void => {
        for (const event of ['storage', 'pageshow', 'focus']) window[change](event, onHint)
        document[change]('visibilitychange', onHint)
      }
      listen('addEventListener')
      stopListening = () => listen('removeEventListener')
      if (!globalThis.BroadcastChannel) return
      channel = safely(() => new BroadcastChannel(name))
      // Other code of the origin may use the name.
      channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
        onMessage(Object(scope ? null : data)),
      )
    },
    close: () => {
      stopListening?.()
      channel?.close()
      channel = undefined
    },
    isOpen: () => channel !== undefined,
    post: (act, by = Date.now()) => {
      safely(() => channel?.postMessage(scope ? null : ({ act, at: Date.now(), by } satisfies TabMessage)))
    },
  }
}

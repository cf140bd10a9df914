import { focusManager } from '@tanstack/react-query'
import { safely } from '../errors/safely.ts'
import type { TokenStorage } from './TokenStorage.ts'

/**
 * What has happened in another tab, and when (milliseconds since 1970): the user asked for a login or a logout there, or
 * the session ended there, and that tab revokes its token if necessary. A message never holds a token.
 */
export interface TabMessage {
  act: 'login' | 'logout' | 'end'
  at: number
  /** When the user did what caused the end; `0` if the user did nothing to cause it. */
  by?: number
  /** The number of the session that has ended, and the fingerprint of the last token that the tab knew of it. */
  number?: string
  token?: string
}

export interface Tabs {
  /**
   * Starts to listen. If there is no document, only the app says when it has the focus.
   *
   * @param onHint - The storage may have changed.
   * @param onMessage - Another tab has sent a message. If tabs have tokens of their own, the message is empty.
   */
  open: (onHint: () => void, onMessage: (message: Partial<TabMessage>) => void) => void
  /** Stops listening, and leaves no listener behind. */
  close: () => void
  /** Whether this tab can send messages to others. */
  isOpen: () => boolean
  /** Tells the other tabs, also if this one does not listen. */
  post: (act: TabMessage['act'], by?: number, ended?: Pick<TabMessage, 'number' | 'token'>) => void
  /** Lets the other tabs read the storage, by an empty message, where it is one that tells nobody of a change. */
  hint: () => void
}

/**
 * Listens to the other tabs. The storage is the truth between tabs. Everything heard here is only a hint to read it again:
 * `storage` events (which frozen pages miss), `pageshow`, `visibilitychange`, `focus`, and TanStack Query's `focusManager`,
 * by which an app says that it is in front where there is no page.
 *
 * The channel also keeps signed-out pages from coming back. If a page in Chromium's back/forward cache holds an open
 * `BroadcastChannel` and gets a message, Chromium drops the page. A `pageshow` handler alone would be too late: Chromium
 * paints one frame of the old page before it calls the handler.
 *
 * @param name - The tabs of the same API share it.
 * @param storage - Of the token. If tabs have tokens of their own, their messages are empty.
 */
export const createTabs = (name: string, { scope, key }: Pick<TokenStorage, 'scope' | 'key'>): Tabs => {
  // A `window` alone says nothing: it may be one without events.
  const isHeadless = typeof document === 'undefined'
  let channel: BroadcastChannel | undefined
  let stopListening: (() => void) | undefined

  const send = (message: Partial<TabMessage>): void => {
    if (isHeadless || !globalThis.BroadcastChannel) return
    safely(() => {
      const sender = channel ?? new BroadcastChannel(name)
      sender.postMessage(scope ? null : message)
      // What has been sent arrives all the same.
      if (!channel) sender.close()
    })
  }

  return {
    open: (onHint, onMessage) => {
      const stopFollowing = focusManager.subscribe((isFocused) => isFocused && onHint())
      stopListening = stopFollowing
      if (isHeadless) return
      const listen = (change: 'addEventListener' | 'removeEventListener'): void => {
        for (const event of ['storage', 'pageshow', 'focus']) window[change](event, onHint)
        document[change]('visibilitychange', onHint)
      }
      listen('addEventListener')
      stopListening = () => {
        stopFollowing()
        listen('removeEventListener')
      }
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
    post: (act, by = Date.now(), ended = {}) => send({ act, at: Date.now(), by, ...ended }),
    hint: () => {
      if (!scope && key === undefined) send({})
    },
  }
}

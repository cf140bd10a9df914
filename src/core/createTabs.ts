import { attempt } from './attempt.ts'
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
  /** Starts to listen. Does nothing where there is no window. */
  open: () => void
  /** Stops to listen and leaves no listener behind. */
  close: () => void
  /** Tells the other tabs. */
  post: (act: TabMessage['act'], by?: number) => void
  /** Calls back where no other tab says that it has ended the session, from a second before to a second after. */
  askWhoEndedIt: (onSilence: () => void) => void
}

/** Milliseconds: a message between tabs takes some six. */
const patience = 1000

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
 * @param onHint - The storage may have changed; whether because of an end that another tab has told of.
 * @param onMessage - Another tab has told something.
 */
export const createTabs = (
  name: string,
  scope: TokenStorage['scope'],
  onHint: (isTold: boolean) => void,
  onMessage: (message: TabMessage) => void,
): Tabs => {
  // A server; React Native has a `window`, but one without events.
  const isHeadless = typeof document === 'undefined'
  let channel: BroadcastChannel | undefined
  const questions = new Map<ReturnType<typeof setTimeout>, number>()
  /** The last end that was told of, and when it was heard. */
  let told = {} as TabMessage
  let toldAt = -Infinity

  const onEvent = (): void => onHint(false)

  const stopAsking = (since: number): void =>
    questions.forEach((askedAt, timer) => {
      if (askedAt < since) return
      clearTimeout(timer)
      questions.delete(timer)
    })

  const listen = (change: 'addEventListener' | 'removeEventListener'): void => {
    if (isHeadless) return
    for (const event of ['storage', 'pageshow', 'focus']) window[change](event, onEvent)
    document[change]('visibilitychange', onEvent)
  }

  return {
    open: () => {
      listen('addEventListener')
      if (isHeadless || !globalThis.BroadcastChannel) return
      channel = attempt(() => new BroadcastChannel(name))
      channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        // Other code of the origin may use the name.
        const message: TabMessage = Object(scope ? null : data)
        const isEnd = message.act === 'end'
        if (isEnd) {
          told = message
          toldAt = Date.now()
          // What ended later than the question was asked cannot have been it.
          stopAsking(message.at)
        }
        onHint(isEnd)
        onMessage(message)
      })
    },
    close: () => {
      listen('removeEventListener')
      stopAsking(0)
      channel?.close()
      channel = undefined
    },
    post: (act, by = Date.now()) => {
      attempt(() => channel?.postMessage(scope ? null : ({ act, at: Date.now(), by } satisfies TabMessage)))
    },
    askWhoEndedIt: (onSilence) => {
      if (!channel) return
      const now = Date.now()
      // Word of an end may come before the storage shows it: in Firefox it does.
      if (now - toldAt < patience) return onMessage(told)
      const timer = setTimeout(() => {
        questions.delete(timer)
        onSilence()
      }, patience)
      questions.set(timer, now)
    },
  }
}

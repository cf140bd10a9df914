import type { Page } from 'puppeteer-core'

/** What a tab shows at one moment. */
export interface Shown {
  /** Milliseconds since the epoch, on the one clock of all tabs. */
  at: number
  /** Whether it was about to be painted. Else it is what stood in the document between two tasks. */
  isFrame: boolean
  /** All text of the page. */
  text: string
}

export interface Recording {
  shown: Shown[]
  /** What its user may have caused, and when. */
  events: { at: number; type: string }[]
  /** For each time that the page was shown: whether it came back as it was, from the back/forward cache. */
  restored: boolean[]
}

declare global {
  interface Window {
    recording: Recording
  }
}

/** Runs in a page before all of its own code. */
const record = (): void => {
  const recording: Recording = { shown: [], events: [], restored: [] }
  window.recording = recording
  const now = (): number => performance.timeOrigin + performance.now()
  const look = (isFrame: boolean): void => {
    const text = document.getElementById('root')?.textContent ?? ''
    recording.shown.push({ at: now(), isFrame, text })
  }
  const onFrame = (): void => {
    look(true)
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
  new MutationObserver(() => look(false)).observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
  })
  // A page that comes back as it was records anew.
  window.addEventListener('pagehide', () => void recording.shown.splice(0))
  window.addEventListener('pageshow', ({ persisted }) => void recording.restored.push(persisted))
  for (const type of ['click', 'focus', 'visibilitychange', 'pointerdown', 'keydown'])
    window.addEventListener(type, () => void recording.events.push({ at: now(), type }), { capture: true })
}

/** Records what a tab shows, from its next document on. */
export const startRecording = async (tab: Page): Promise<void> => {
  await tab.evaluateOnNewDocument(record)
}

export const readRecording = (tab: Page): Promise<Recording> => tab.evaluate(() => window.recording)

/** Forgets what was recorded so far, but for the last moment. */
export const clearRecording = (tab: Page): Promise<void> =>
  tab.evaluate(() => {
    window.recording.shown.splice(0, window.recording.shown.length - 1)
    window.recording.events.length = 0
  })

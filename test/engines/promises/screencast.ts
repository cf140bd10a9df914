import type { CDPSession, Page } from 'puppeteer-core'
import { newTab } from './promise.ts'

/** The colours of a painted frame, as `styles.css` gives them to what is shown. */
export interface Painted {
  /** Milliseconds since the epoch. */
  at: number
  user: boolean
  note: boolean
  signInForm: boolean
}

export interface Screencast {
  /** Stops and reads the colours of every frame that was painted. */
  stop: () => Promise<Painted[]>
}

/** Runs in a page: which of some colours a picture has, looked for along its left edge. */
const findColours = async (pictures: string[]): Promise<boolean[][]> => {
  const colours = [
    [0, 0, 255],
    [255, 0, 0],
    [0, 255, 0],
  ]
  const found: boolean[][] = []
  for (const picture of pictures) {
    const response = await fetch(`data:image/png;base64,${picture}`)
    const bitmap = await createImageBitmap(await response.blob())
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const column = context?.getImageData(4, 0, 1, bitmap.height).data ?? new Uint8ClampedArray()
    const has = (colour: number[]): boolean => {
      for (let at = 0; at < column.length; at += 4)
        // Pictures are scaled: a colour's edge may be mixed, its middle is not.
        if (colour.every((value, index) => Math.abs(value - (column[at + index] ?? 0)) < 40)) return true
      return false
    }
    found.push(colours.map(has))
  }
  return found
}

/** Films what is painted, frame by frame, whatever document the tab shows. Chromium alone tells. */
export const startScreencast = async (tab: Page): Promise<Screencast> => {
  const devtools: CDPSession = await tab.createCDPSession()
  const frames: { at: number; picture: string }[] = []
  devtools.on('Page.screencastFrame', ({ data, sessionId, metadata }) => {
    frames.push({ at: (metadata.timestamp ?? 0) * 1000, picture: data })
    void devtools.send('Page.screencastFrameAck', { sessionId })
  })
  /** The film may lag behind: its first and its last picture are what is painted at that moment. */
  const take = async (): Promise<void> => {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'png' })
    frames.push({ at: Date.now(), picture: data })
  }
  await devtools.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 })
  await take()
  return {
    stop: async () => {
      await take()
      await devtools.send('Page.stopScreencast')
      const judge = await newTab(tab.browserContext())
      const colours = await judge.evaluate(
        findColours,
        frames.map(({ picture }) => picture),
      )
      await judge.close()
      return frames.map(({ at }, index) => {
        const [user = false, note = false, signInForm = false] = colours[index] ?? []
        return { at, user, note, signInForm }
      })
    },
  }
}

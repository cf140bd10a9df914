import type { Frame, Page } from 'puppeteer-core'

/**
 * Opens a page in a frame of each tab: tabs stay, and each run has pages of its own. They are of the tab's site, so they share
 * its process; tabs share none.
 *
 * @param name - Of the frames, which `closeFrames` closes.
 */
export const openFrames = (tabs: Page[], address: string, name: string): Promise<Frame[]> =>
  Promise.all(
    tabs.map(async (tab) => {
      await tab.evaluate(
        (address, name) =>
          new Promise<void>((resolve) => {
            const frame = document.createElement('iframe')
            Object.assign(frame, { id: name, name, src: address })
            frame.addEventListener('load', () => resolve())
            document.body.append(frame)
          }),
        address,
        name,
      )
      const frame = tab.frames().find((each) => each.name() === name)
      if (!frame) throw new Error(`There is no frame ${name}.`)
      return frame
    }),
  )

export const closeFrames = async (tabs: Page[], name: string): Promise<void> => {
  await Promise.all(tabs.map((tab) => tab.evaluate((id) => document.getElementById(id)?.remove(), name)))
}

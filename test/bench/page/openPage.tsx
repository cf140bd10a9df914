import './recorder.ts'
import { createRoot } from 'react-dom/client'
import type { Contender } from './Contender.ts'
import { keepBusy } from './keepBusy.ts'
import { type Left, readLeft } from './left.ts'
import { look, privateText } from './look.ts'
import { createPage, noteKey } from './Page.tsx'
import { readRecording, record, type Recording } from './recorder.ts'
import { renders } from './renders.ts'
import { settings } from './settings.ts'
import { showMore } from './showMore.ts'

/** What the benchmark does with a page. */
export interface Bench {
  /** Logs in unless another tab has, fills the cache, renders, and waits until all is shown. */
  open: (isFirst: boolean) => Promise<void>
  /** Forgets what was counted so far; the next click counts. */
  arm: () => void
  read: () => Recording & { renders: typeof renders }
  /** What is left of the user. */
  left: () => Left
  /** Logs in and out so many times. */
  cycle: (times: number) => Promise<void>
  /** Sends so many private requests, a hundred at a time, and reads their answers, which come from the page itself. */
  request: (times: number) => Promise<void>
  /** Mounts the other subscribers so many times, and says how many milliseconds each took. */
  mount: (times: number) => number[]
}

declare global {
  interface Window {
    bench: Bench
    gc?: () => void
    /** When the script began, where its start is what is measured. */
    startedAt?: number
  }
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

const waitFor = async (expected: ReturnType<typeof look>): Promise<void> => {
  for (let count = 0; look() !== expected; count += 1) {
    if (count > 2000) throw new Error(`The page never showed what it shows ${expected} a logout`)
    await wait(count < 100 ? 1 : 10)
  }
}

/** Opens the one page of the benchmark for a contender. */
export const openPage = (contender: Contender): void => {
  const Page = createPage(contender)
  const container = document.getElementById('root')
  if (!container) throw new Error('No root')
  const render = (): void => createRoot(container).render(<Page />)

  const fill = (): void => {
    for (let index = 0; index < settings.cached; index += 1) {
      contender.queryClient.setQueryData(noteKey(index), `${privateText} ${index}`)
    }
  }

  window.bench = {
    open: async (isFirst) => {
      if (isFirst) await contender.logIn()
      fill()
      render()
      await waitFor('before')
      // Effects, timers and the session's own requests have their time.
      await wait(100)
    },

    arm: () => {
      Object.assign(renders, { subscriber: 0, private: 0, public: 0, unrelated: 0 })
      window.gc?.()
      if (settings.isBusy) keepBusy(contender.queryClient)
      record()
    },

    read: () => ({ ...readRecording(), renders }),

    left: () => readLeft(contender.queryClient),

    cycle: async (times) => {
      for (let count = 0; count < times; count += 1) {
        await contender.logIn()
        fill()
        await waitFor('before')
        document.querySelector('button')?.click()
        await waitFor('after')
      }
    },

    request: async (times) => {
      const { fetch } = globalThis
      globalThis.fetch = async () => Response.json(privateText)
      for (let count = 0; count < times; count += 100)
        await Promise.all(
          Array.from({ length: 100 }, (_, index) =>
            contender.get(`notes/${count + index}`, new AbortController().signal),
          ),
        )
      globalThis.fetch = fetch
    },

    mount: (times) =>
      Array.from({ length: times }, () => {
        const since = performance.now()
        showMore(true)
        const took = performance.now() - since
        showMore(false)
        return took
      }),
  }
  if (settings.isStart) render()
}

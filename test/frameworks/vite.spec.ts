import { createServer } from 'node:http'
import { join } from 'node:path'
import { buildStreamingPage, serveStreamingPage } from '../engines/streamingSite.ts'
import { listen } from '../recipes/listen.ts'
import { describeFramework } from './describeFramework.ts'
import { openFront } from './openFront.ts'
import { putSignoff } from './putSignoff.ts'

const cache = join(import.meta.dirname, '../../node_modules/.cache/frameworks')

/** The app of the recipe for server rendering, with the package as npm has it. */
const open = async () => {
  putSignoff(join(cache, 'signoff'))
  await buildStreamingPage(join(cache, 'vite'), join(cache, 'signoff/dist/index.js'))
  const front = await openFront()
  const serve = await serveStreamingPage(() => `${front.origin}/api`, join(cache, 'vite'))
  const pages = await listen(createServer(serve))
  const { close } = front
  return Object.assign(front, {
    pages: pages.origin,
    close: async () => {
      await pages.close()
      await close()
    },
  })
}

describeFramework({ name: 'Vite', open, asks: '/api/notes' })

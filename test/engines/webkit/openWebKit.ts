import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Tab } from './Tab.ts'
import { openWebDriver, type WebDriver } from './WebDriver.ts'

/** As much of Puppeteer's `Browser` and `BrowserContext` as the tests use. */
export interface WebKit {
  defaultBrowserContext: () => Pick<WebKit, 'newPage'>
  newPage: () => Promise<Tab>
  close: () => Promise<void>
}

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

/** A screen that nobody sees. It says itself which number it has taken. */
const openScreen = async (): Promise<{ child: ChildProcess; display: string }> => {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [number] = (await once(createInterface(child.stdio[3] as Readable), 'line')) as [string]
  return { child, display: `:${number}` }
}

/** Until the driver answers. */
const waitForDriver = async (root: string, child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) throw new Error(`WebKitWebDriver has ended: ${child.exitCode}`)
  const isReady = await fetch(`${root}/status`).then(
    ({ ok }) => ok,
    () => false,
  )
  if (isReady) return
  await new Promise((resolve) => setTimeout(resolve, 50))
  await waitForDriver(root, child)
}

/**
 * Starts WebKitGTK's small browser, its driver, and a screen for them. All that it keeps goes with it.
 *
 * @param driverPath - `WebKitWebDriver`.
 * @param preludes - See {@link Tab}.
 * @param options - `args`: settings of the browser, `'--enable-page-cache=false'` for example.
 */
export const openWebKit = async (
  driverPath: string,
  preludes: Set<string>,
  { args = [] }: { args?: string[] } = {},
): Promise<WebKit> => {
  const screen = await openScreen()
  const port = await findFreePort()
  const root = `http://127.0.0.1:${port}`
  const child = spawn(driverPath, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: screen.display,
      GDK_BACKEND: 'x11',
      // There is no graphics card, and no bus of a desktop.
      LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1',
    },
  })
  const end = async (): Promise<void> => {
    await stop(child)
    await stop(screen.child)
  }
  let driver: WebDriver
  let first: string
  try {
    await waitForDriver(root, child)
    driver = await openWebDriver(root, { 'webkitgtk:browserOptions': { args: ['--automation', ...args] } })
    await driver.send('POST', '/timeouts', { script: 120_000, pageLoad: 120_000, implicit: 0 })
    first = await driver.send<string>('GET', '/window')
    // One that shows nothing yet would be the next one.
    await driver.send('POST', '/url', { url: 'about:blank' })
  } catch (error) {
    await end()
    throw error
  }
  const newPage = (): Promise<Tab> =>
    driver.together(async (send) => {
      // From a window that is closed no other can be opened.
      await send('POST', '/window', { handle: first })
      // A window of its own: no command brings a tab of this browser to the front, and none paints behind another.
      const { handle } = await send<{ handle: string }>('POST', '/window/new', { type: 'window' })
      return new Tab(driver, handle, preludes)
    })
  const close = async (): Promise<void> => {
    // Ends the browser.
    await driver.send('DELETE', '').catch(() => {})
    await end()
  }
  return { newPage, close, defaultBrowserContext: () => ({ newPage }) }
}

// Finds the browsers of the tests, and installs those that are missing: `node test/engines/installBrowser.mjs`. With
// `webkit` behind it: that one.
import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

/** @typedef {'chromium' | 'firefox' | 'webkit'} Engine */

/** @type {Record<Engine, { name: string, variable: string, commands: string[], packages: string[] }>} */
const engines = {
  chromium: {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium'],
  },
  firefox: {
    name: 'Firefox',
    variable: 'FIREFOX_PATH',
    commands: ['firefox-esr', 'firefox'],
    packages: ['firefox-esr'],
  },
  // The driver starts the browser, which needs a screen.
  webkit: {
    name: 'WebKitGTK',
    variable: 'WEBKIT_DRIVER_PATH',
    commands: ['WebKitWebDriver'],
    packages: ['webkit2gtk-driver', 'xvfb'],
  },
}

/**
 * The path of a browser that starts, or of its driver: the one that `CHROMIUM_PATH`, `FIREFOX_PATH` or `WEBKIT_DRIVER_PATH`
 * names, else one on the `PATH`, else Playwright's own Chromium.
 *
 * @param {Engine} engine
 * @returns {string | undefined} `undefined` where there is none.
 * @throws {Error} where the variable names something that does not start.
 */
export function findBrowser(engine) {
  const { variable, commands } = engines[engine]
  const chosen = process.env[variable]
  if (chosen && !starts(chosen)) throw new Error(`${variable} names no browser that starts: ${chosen}`)
  const found = chosen || commands.map(findCommand).find((path) => path && starts(path))
  return found || (engine === 'chromium' ? findPlaywrightsOwn() : undefined)
}

/** @returns {string | undefined} */
function findPlaywrightsOwn() {
  const path = chromium.executablePath()
  return starts(path) ? path : undefined
}

/**
 * On Ubuntu, `chromium-browser` may be a script that only says where to find a browser.
 *
 * @param {string} path
 */
function starts(path) {
  return (
    existsSync(path) &&
    spawnSync(path, [path.endsWith('WebDriver') ? '--help' : '--version'], { stdio: 'ignore' }).status === 0
  )
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
function findCommand(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * What the command prints goes to stderr: stdout is for what there is to know.
 *
 * @param {string} command
 * @param {string[]} options
 */
function run(command, ...options) {
  return spawnSync(command, options, { stdio: ['ignore', 2, 2] }).status === 0
}

/**
 * On Debian and its kin, as root or with a sudo that asks for no password.
 *
 * @param {Engine} engine
 */
function installWithApt(engine) {
  if (!findCommand('apt-get')) return false
  const isRoot = process.getuid?.() === 0
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return false

  console.log(`No ${engines[engine].name} here: installing Debian’s with apt-get.`)
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  const [program, ...options] = isRoot ? command : ['sudo', '-n', ...command]
  // An index that could not be brought up to date may still know the package.
  run(program ?? '', ...options, 'update')
  return run(program ?? '', ...options, 'install', '-y', ...engines[engine].packages)
}

/**
 * Its Firefox is one of its own making.
 *
 * @param {Engine} engine
 */
function installWithPlaywright(engine) {
  if (engine !== 'chromium') return false
  console.log('No Chromium here: installing Playwright’s with npx playwright install.')
  return run('npx', 'playwright', 'install', 'chromium')
}

/** @param {Engine} engine */
function provideBrowser(engine) {
  const browser = findBrowser(engine)
  if (browser) return browser
  for (const install of [installWithApt, installWithPlaywright]) {
    const installed = install(engine) && findBrowser(engine)
    if (installed) return installed
  }
  return undefined
}

function provideBrowsers() {
  const browser = provideBrowser('chromium')
  if (!browser) {
    throw new Error(
      'No Chromium could be installed. Install one by hand and name it in CHROMIUM_PATH; ' +
        'where Playwright’s own was installed but does not start, run: npx playwright install-deps chromium',
    )
  }
  console.log(`Chromium: ${browser}`)

  const second = provideBrowser('firefox')
  // Continuous integration tests both.
  if (!second && process.env['CI']) throw new Error('No Firefox could be installed.')
  console.log(`Firefox: ${second ?? 'none, and its tests are left out. Name one in FIREFOX_PATH.'}`)
}

function provideWebKit() {
  const driver = provideBrowser('webkit')
  console.log(
    `WebKitGTK: ${driver ?? 'none, and its tests are left out. Name its driver in WEBKIT_DRIVER_PATH.'}`,
  )
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv[2] === 'webkit') provideWebKit()
    else provideBrowsers()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

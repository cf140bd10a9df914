// Finds a Chromium for the browser tests, and installs one where there is none: `node test/browser/installBrowser.mjs`.
import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/**
 * The path of a Chromium that starts: the one that `CHROMIUM_PATH` names, else one on the `PATH`, else Playwright's own.
 *
 * @returns {string | undefined} `undefined` where there is none.
 * @throws {Error} where `CHROMIUM_PATH` names something that does not start.
 */
export function findBrowser() {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen && !starts(chosen)) throw new Error(`CHROMIUM_PATH names no browser that starts: ${chosen}`)
  return chosen || names.map(findCommand).find((path) => path && starts(path)) || findPlaywrightsOwn()
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
  return existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0
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

/** On Debian and its kin, as root or with a sudo that asks for no password. */
function installWithApt() {
  if (!findCommand('apt-get')) return false
  const isRoot = process.getuid?.() === 0
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return false

  console.log('No Chromium here: installing Debian’s with apt-get.')
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  const [program, ...options] = isRoot ? command : ['sudo', '-n', ...command]
  // An index that could not be brought up to date may still know the package.
  run(program ?? '', ...options, 'update')
  return run(program ?? '', ...options, 'install', '-y', 'chromium')
}

function installWithPlaywright() {
  console.log('No Chromium here: installing Playwright’s with npx playwright install.')
  return run('npx', 'playwright', 'install', 'chromium')
}

function provideBrowser() {
  const browser = findBrowser()
  if (browser) return browser
  for (const install of [installWithApt, installWithPlaywright]) {
    const installed = install() && findBrowser()
    if (installed) return installed
  }
  throw new Error(
    'No Chromium could be installed. Install one by hand and name it in CHROMIUM_PATH; ' +
      'where Playwright’s own was installed but does not start, run: npx playwright install-deps chromium',
  )
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(`Chromium: ${provideBrowser()}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

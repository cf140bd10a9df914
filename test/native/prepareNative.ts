import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPackages } from '../support/installPackages.ts'

const root = join(import.meta.dirname, '../..')

/** Puts the package there as npm would publish it. Its own dependencies are the app's. */
const installPacked = (folder: string): void => {
  const target = join(folder, 'node_modules/signoff')
  const packed = mkdtempSync(join(tmpdir(), 'signoff-'))
  try {
    execFileSync('npm', ['pack', '--pack-destination', packed], { cwd: root, stdio: 'ignore' })
    rmSync(target, { recursive: true, force: true })
    mkdirSync(target)
    const [file = ''] = readdirSync(packed)
    execFileSync('tar', ['-xzf', join(packed, file), '-C', target, '--strip-components=1'])
  } finally {
    rmSync(packed, { recursive: true })
  }
}

/**
 * Installs what an app for phones needs, and the package, into this folder.
 *
 * @returns Why that is not possible here; `undefined` if it is done.
 */
export const prepareNative = (folder: string): string | undefined => {
  try {
    installPackages(folder)
  } catch (error) {
    return `React Native and Expo cannot be installed: ${(error as Error).message}`
  }
  installPacked(folder)
  return undefined
}

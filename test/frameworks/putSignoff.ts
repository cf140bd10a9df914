import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Puts the package into a folder as npm would: what `npm pack` takes of the last `npm run build`. */
export const putSignoff = (folder: string): void => {
  const packed = mkdtempSync(join(tmpdir(), 'signoff-'))
  try {
    const options = ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed]
    const name = execFileSync('npm', options, { cwd: root, encoding: 'utf8' }).trim()
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    execFileSync('tar', ['-xzf', join(packed, name), '--strip-components', '1', '-C', folder])
  } finally {
    rmSync(packed, { recursive: true, force: true })
  }
}

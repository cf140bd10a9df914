import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Installs what stands in the lock file of a folder, unless that is there already. Also what is for development, wherever it is called. */
export const installPackages = (folder: string): void => {
  const changedAt = (file: string): number =>
    statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (changedAt('node_modules/.package-lock.json') >= changedAt('package-lock.json')) return
  execFileSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' })
}

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

const changedAt = (path: string): number =>
  statSync(join(import.meta.dirname, path), { throwIfNoEntry: false })?.mtimeMs ?? 0

const run = (command: string, ...args: string[]): void =>
  void execFileSync(command, args, { cwd: import.meta.dirname, stdio: 'ignore' })

/** Installs what stands in the lock file beside this one, and has the clients of the API generated, unless that is done. */
export const install = (): void => {
  if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) {
    run('npm', 'ci', '--no-audit', '--no-fund')
  }
  if (changedAt('clients/generated-axios/index.ts') < changedAt('notes.openapi.json')) {
    run('node', 'generateClient.mjs')
  }
}

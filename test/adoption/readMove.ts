import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const guide = await readFile(join(import.meta.dirname, '../../docs/guide/adopt.md'), 'utf8')

/** The lines of a diff, but for those that name files and line numbers, and empty ones that stay. */
const linesOf = (diff: string): string[] =>
  diff.split('\n').filter((line) => /^([-+]| .*\S)/.test(line) && !/^(---|\+\+\+) /.test(line))

const changed = (lines: string[], sign: '+' | '-'): number =>
  lines.filter((line) => line.startsWith(sign)).length

/** What the guide says of a move. */
export interface Move {
  /** What `diff` says of the two apps. */
  lines: string[]
  /** The diff that the guide shows. */
  shown: string[]
  /** All that the guide says. */
  section: string
  removed: number
  added: number
}

/**
 * @param name - The folder of the app, with `before` and `after`.
 * @param heading - Of its section in the guide.
 */
export const readMove = async (name: string, heading: string): Promise<Move> => {
  const run = promisify(execFile)('diff', ['-ruN', 'before', 'after'], {
    cwd: join(import.meta.dirname, name),
  })
  // It exits with 1 where it has found something.
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  const lines = linesOf(stdout)
  const section = guide.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const [, fence = ''] = /```diff\n([^]*?)```/.exec(section) ?? []
  return { lines, shown: linesOf(fence), section, removed: changed(lines, '-'), added: changed(lines, '+') }
}

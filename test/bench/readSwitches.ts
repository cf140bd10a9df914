import { parseArgs } from 'node:util'
import { contenders } from './contenders.ts'
import type { Context } from './Context.ts'

/** What the command line asks for. */
export interface Switches {
  /** Names of rows. */
  rows: string[]
  select: Context['select']
  rounds: number | undefined
  /** Whether it asks for all rows and contenders: only then is there a report to write. */
  isComplete: boolean
}

/** Those of the names that hold one of the parts that the switch lists. */
const match = (names: string[], name: string, list: string | undefined): string[] => {
  if (list === undefined) return names
  const parts = list.toLowerCase().split(',')
  const matched = names.filter((each) => parts.some((part) => each.toLowerCase().includes(part)))
  if (matched.length === 0) throw new Error(`--${name}=${list} matches none of: ${names.join('; ')}`)
  return matched
}

/**
 * Reads `--rows=logout,mount --contenders=refine --rounds=5`: parts of the names of rows and contenders, and how many
 * rounds count.
 *
 * @param rows - The names of all rows.
 */
export const readSwitches = (rows: string[]): Switches => {
  const type = 'string'
  const { values } = parseArgs({ options: { rows: { type }, contenders: { type }, rounds: { type } } })
  const names = new Set(
    match(
      contenders.map(({ name }) => name),
      'contenders',
      values.contenders,
    ),
  )
  return {
    rows: match(rows, 'rows', values.rows),
    select: (contenders, ...floors) => {
      const selected = contenders.filter(({ name }) => names.has(name))
      return selected.length ? Array.from(new Set([...selected, ...floors])) : []
    },
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    isComplete: values.rows === undefined && values.contenders === undefined,
  }
}

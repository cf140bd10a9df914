import type { Figure } from './statistics.ts'

/** What one contender came to. */
export interface Cell {
  /** Against hand-written in the same round; else the figure itself. */
  value: Figure
  /** What the ratio comes from. */
  absolute?: Figure
  unit: 'ratio' | 'count' | 'bytes' | 'kB'
}

/** One line of the table: `null` where a contender never got there, or the question makes no sense for it. */
export interface Line {
  measure: string
  bar: string
  /** The most that signoff may have. */
  limit: number
  cells: Record<string, Cell | null>
}

/** All that a run gave. */
export interface Results {
  browser: string
  /** Of the times of signoff and the floors, then of everything else. */
  rounds: number
  fewRounds: number
  lines: Line[]
}

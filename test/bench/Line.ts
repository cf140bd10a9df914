import type { Figure } from './statistics.ts'

/** What one contender came to. */
export interface Cell {
  /** Against the floor in the same round; else the figure itself. */
  value: Figure
  /** What the ratio comes from. */
  absolute?: Figure
  unit: 'ratio' | 'count' | 'bytes' | 'kB'
}

/** What is measured, and the bar that signoff has to keep. */
export interface Bar {
  measure: string
  /** The bar in words: `≤ 0.85 of hand-written by stores`. */
  bar: string
  /** The most that signoff may have. */
  limit: number
}

/** One line of the table: `null` where a contender never got there; none where it was not measured. */
export interface Line extends Bar {
  /** Whether signoff keeps the bar, in words. */
  result: 'holds' | 'misses its bar' | 'not measured'
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

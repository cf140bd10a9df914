import type { Browser } from 'puppeteer-core'
import type { BenchServer } from './openBenchServer.ts'

/** What every row measures with. */
export interface Context {
  browser: Browser
  server: BenchServer
  /** Rounds that count, where a bar compares times that hardly differ. */
  rounds: number
  /** Rounds that count, elsewhere. */
  fewRounds: number
}

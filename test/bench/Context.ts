import type { Browser } from 'puppeteer-core'
import type { ContenderPage } from './contenders.ts'
import type { BenchServer } from './openBenchServer.ts'

/** What every row measures with. */
export interface Context {
  browser: Browser
  server: BenchServer
  /** Rounds that count, where a bar compares times that hardly differ. */
  rounds: number
  /** Rounds that count, elsewhere. */
  fewRounds: number
  /**
   * Those of the contenders that this run is asked for, and the floors that they are compared with. None where it is
   * asked for none of them.
   */
  select: <TContender extends ContenderPage>(
    contenders: readonly TContender[],
    ...floors: TContender[]
  ) => TContender[]
}

// Explores the model of the refresh across tabs with Spin: `npm run protocol`. `--tabs 3` explores three tabs, `--steps`
// tells the shortest run that breaks each property.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * @typedef {object} Row
 * @property {string[]} [switches] - What is different from the protocol.
 * @property {string} property
 * @property {boolean} holds - What is expected.
 * @property {number} [refreshes] - The most for each tab. Default: 2.
 * @property {boolean} [isSampled] - Too large to be explored whole: as far as memory and ten minutes go.
 */

const { values } = parseArgs({
  options: { tabs: { type: 'string', default: '2' }, steps: { type: 'boolean', default: false } },
})
const { tabs } = values
const model = fileURLToPath(new URL('.', import.meta.url))

/** @type {(property: string, ...switches: string[]) => Row} */
const breaks = (property, ...switches) => ({ property, switches, holds: false })

/** @type {Row[]} */
const whole =
  tabs === '2'
    ? [
        { property: 'everything', holds: true },
        { property: 'everything', switches: ['EXPIRED_AT_LOGOUT'], refreshes: 1, holds: true },
        { property: 'everything', switches: ['SERVER_ONLY_REFUSES'], refreshes: 1, holds: true },
        { property: 'allButTheAlarm', switches: ['LATE_REQUESTS'], refreshes: 1, holds: true },
        { property: 'heldByCompareAlone', switches: ['WITHOUT_LOCK'], holds: true },
        { property: 'heldInLateStorage', switches: ['LATE_STORAGE'], holds: true },
      ]
    : [
        { property: 'everything', refreshes: 1, holds: true },
        { property: 'everything', isSampled: true, holds: true },
      ]

/** @type {Row[]} */
const rows = [
  ...whole,
  { property: 'neverRefreshedByAll', refreshes: tabs === '2' ? 2 : 1, holds: false },
  breaks('neverRefreshedForB'),
  breaks('noReuseAlarm', 'WITHOUT_LOCK'),
  breaks('neverRefusedTwice', 'WITHOUT_LOCK'),
  breaks('noResurrection', 'WITHOUT_COMPARE'),
  breaks('familyDeadAfterLogout', 'WITHOUT_COMPARE'),
  breaks('othersUntouched', 'WITHOUT_COMPARE'),
  breaks('noResurrection', 'COMPARE_THEN_WRITE'),
  breaks('othersUntouched', 'COMPARE_THEN_WRITE'),
  breaks('othersUntouched', 'WITHOUT_COMPARE_AT_REFUSAL'),
  breaks('noReuseAlarm', 'RELEASE_BEFORE_WRITE'),
  breaks('noReuseAlarm', 'WITHOUT_ADOPTION'),
  breaks('familyDeadAfterLogout', 'ABORT_AT_LOGOUT'),
  breaks('familyDeadAfterLogout', 'WITHOUT_REVOKING_THE_ANSWER'),
  breaks('noResurrection', 'LOGOUT_FROM_MEMORY'),
  breaks('familyDeadAfterLogout', 'LOGOUT_FROM_MEMORY'),
  breaks('neverSignedOutAlive', 'WITHOUT_LOCK', 'WITHOUT_SESSION_NUMBER'),
  breaks('noReuseAlarm', 'WITHOUT_SESSION_NUMBER'),
  breaks('noReuseAlarm', 'LATE_STORAGE', 'WITHOUT_MARKS'),
  breaks('neverRefusedTwice', 'LATE_STORAGE', 'WITHOUT_MARKS'),
  breaks('noLastingResurrection', 'LATE_STORAGE', 'WITHOUT_LATE_RENEWALS'),
  breaks('familyDeadAfterLogout', 'LATE_STORAGE', 'WITHOUT_LATE_RENEWALS'),
  breaks('neverRefusedTwice', 'RETRY_REFUSED'),
  breaks('noReuseAlarm', 'WITHOUT_RETRY_OF_LOST'),
  breaks('familyDeadAfterLogout', 'WITHOUT_RETRY_OF_LOST'),
  breaks('familyDeadAfterLogout', 'WITHOUT_RETRY_AFTER_LOGOUT'),
  breaks('neverSignedOutAlive', 'LOSS_SIGNS_OUT'),
  breaks('noReuseAlarm', 'EXPIRED_AT_LOGOUT', 'RELEASE_BEFORE_REVOKED'),
  breaks('noReuseAlarm', 'LATE_REQUESTS'),
  breaks('noReuseAlarm', 'WITHOUT_GRACE'),
  breaks('neverSignedOutAlive', 'WITHOUT_LOCK', 'SERVER_ONLY_REFUSES'),
]

/** @param {string} command */
const isThere = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined

/**
 * @param {Row} row
 * @param {string} folder - A copy of the model, in which files are made.
 */
function explore({ switches = [], property, holds, refreshes = 2, isSampled }, folder) {
  /** @type {(command: string, ...options: string[]) => string} */
  const run = (command, ...options) =>
    execFileSync(command, options, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

  const began = performance.now()
  const world = [`TABS=${tabs}`, `REFRESHES=${refreshes}`, `PROPERTY=${property}`]
  const flags = [...world, ...switches.map((name) => `${name}=1`)].map((definition) => `-D${definition}`)
  run('spin', ...flags, '-a', 'refresh.pml')
  const kind = isSampled ? ['-DBITSTATE'] : ['-DCOLLAPSE', '-DMEMLIM=2000']
  // Breadth first finds the shortest run that breaks a property.
  if (!holds) kind.push('-DBFS')
  run('gcc', '-O2', '-w', '-DSAFETY', ...kind, '-o', 'pan', 'pan.c')
  // Sampled: in 1 GB, for ten minutes.
  const output = run('./pan', '-m1000000', ...(isSampled ? ['-w33', '-Q10'] : ['-w24']))

  const isBroken = existsSync(join(folder, 'refresh.pml.trail'))
  const isWhole = isSampled || !/search not completed|max search depth too small/i.test(output)
  return {
    result: isBroken
      ? 'breaks'
      : isWhole && output.includes('errors: 0')
        ? 'holds'
        : 'was not explored whole',
    states: Number(/(\S+) states, stored/.exec(output)?.[1]),
    seconds: (performance.now() - began) / 1000,
    steps: isBroken
      ? run('spin', ...flags, '-t', '-T', '-B', 'refresh.pml').replaceAll(/^spin: .*\n/gm, '')
      : '',
  }
}

/** @param {Row} row */
function show(row) {
  const folder = mkdtempSync(join(tmpdir(), 'protocol-'))
  try {
    cpSync(model, folder, { recursive: true })
    const { result, states, seconds, steps } = explore(row, folder)
    const isExpected = result === (row.holds ? 'holds' : 'breaks')
    const { switches = [], property, refreshes = 2, isSampled } = row
    const cells = [
      (switches.join(' ') || 'the protocol').padEnd(42),
      property.padEnd(22),
      (isSampled ? `${result} (sampled)` : result).padEnd(8),
      String(refreshes).padStart(9),
      states.toLocaleString('en').padStart(13),
      seconds.toFixed(1).padStart(8),
      isExpected ? '' : '  NOT EXPECTED',
    ]
    console.log(cells.join(' ').trimEnd())
    if (values.steps || (!isExpected && steps)) console.log(steps.replaceAll(/^/gm, '    ').trimEnd())
    return isExpected
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const missing = ['spin', 'gcc'].filter((command) => !isThere(command))
if (missing.length > 0) {
  console.log(
    `Left out, because it is not installed: ${missing.join(', ')}. On Debian: apt-get install spin gcc`,
  )
} else {
  console.log(`${'switches'.padEnd(42)} ${'property'.padEnd(22)} result   refreshes        states  seconds`)
  if (!rows.map(show).every(Boolean)) process.exitCode = 1
}

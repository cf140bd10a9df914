import { readFileSync } from 'node:fs'

const code = new URL('../../src/session/createSession.ts', import.meta.url)
const marker = '<!-- the table of src/session/createSession.ts -->'

/** The rows of the state table, as the comment in the code has them. */
const readTable = (): string =>
  Array.from(readFileSync(code, 'utf8').matchAll(/^ \* (\|.+\|)$/gm), ([, row]) => row).join('\n')

/** Puts the state table into a page where the page has the marker. */
export const showStates = (page: string): string => page.replace(marker, () => readTable())

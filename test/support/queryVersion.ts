import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { MODE } = import.meta.env as { MODE: string }
const folder = ['oldest', 'newest', 'query'].includes(MODE) ? `test/compatibility/${MODE}` : ''

/** Where the TanStack Query lies that the run asks for. */
export const queryFolder = join(import.meta.dirname, '../..', folder, 'node_modules/@tanstack/react-query')

export const queryVersion = (
  JSON.parse(readFileSync(join(queryFolder, 'package.json'), 'utf8')) as { version: string }
).version

/** Whether the tests run on a TanStack Query of an earlier minor of 5. */
export const isQueryBefore = (minor: number): boolean => Number(queryVersion.split('.')[1]) < minor

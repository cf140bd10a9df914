import { buildPages } from './buildPages.ts'
import { install } from './install.ts'

/** What the logins need, once for all workers. */
export default async function prepare(): Promise<void> {
  install()
  await buildPages()
}

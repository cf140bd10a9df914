import { installPackages } from '../support/installPackages.ts'
import { buildPages } from './buildPages.ts'

/** What the logins need, once for all workers. */
export default async function prepare(): Promise<void> {
  installPackages(import.meta.dirname)
  await buildPages()
}

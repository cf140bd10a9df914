// Serves the example as it is in production, on PORT and with data of its own: `node test/engines/serveExample.mjs`.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

/**
 * Builds the example into a temporary folder and serves it with a new database. Both go when the process ends.
 *
 * @param {number} port `0` for any that is free.
 */
export async function serveExample(port) {
  const folder = mkdtempSync(join(tmpdir(), 'signoff-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

  // The example reads these when Vite loads its configuration. Nobody's own database is touched.
  process.env['DATA_DIRECTORY'] = join(folder, 'data')
  const others = ['DATABASE_URL', 'DATABASE_AUTH_TOKEN', 'BETTER_AUTH_SECRET', 'TOKEN_SECONDS']
  for (const name of others) delete process.env[name]

  const options = {
    root: fileURLToPath(new URL('../../example', import.meta.url)),
    logLevel: /** @type {const} */ ('warn'),
    build: { outDir: join(folder, 'app'), emptyOutDir: true },
    preview: { port },
  }
  await build(options)
  return preview(options)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Vite ends the process at a SIGTERM, and nobody at a SIGINT.
  process.once('SIGINT', () => process.exit(130))
  const server = await serveExample(Number(process.env['PORT'] || 5183))
  console.log(server.resolvedUrls?.local[0])
}

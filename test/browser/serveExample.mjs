// Serves the example as it is in production, on PORT and on data of its own: `node test/browser/serveExample.mjs`.
import { mkdtemp, rm } from 'node:fs/promises'
import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

/**
 * Builds the example into a temporary folder and serves it with a new database. `close` removes both.
 *
 * @param {number} port `0` for any that is free.
 */
export async function serveExample(port) {
  const folder = await mkdtemp(join(tmpdir(), 'signoff-'))
  // The example reads these when Vite loads its configuration: the tests never touch a database of somebody's.
  process.env['DATA_DIRECTORY'] = join(folder, 'data')
  for (const name of ['DATABASE_URL', 'DATABASE_AUTH_TOKEN', 'BETTER_AUTH_SECRET']) delete process.env[name]

  const options = {
    root: fileURLToPath(new URL('../../example', import.meta.url)),
    logLevel: /** @type {const} */ ('warn'),
    build: { outDir: join(folder, 'app'), emptyOutDir: true },
    preview: { port },
  }
  try {
    await build(options)
    const server = await preview(options)
    return {
      url: server.resolvedUrls?.local[0] ?? '',
      close: async () => {
        await server.close()
        await rm(folder, { recursive: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { url, close } = await serveExample(Number(process.env['PORT'] || 5183))
  console.log(url)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close())
}

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'
import config from '../../vite.config.ts'

const root = (path: string) => join(import.meta.dirname, '../..', path)
const { MODE: mode } = import.meta.env as { MODE: string }

/** signoff and a TanStack Query of its own, in one file. */
export type Kit = typeof import('signoff') & typeof import('@tanstack/react-query')

/** Rewrites the source of one file: of TanStack Query, or of signoff. All that is looked for must be there. */
export interface Edit {
  /** Where the file's path ends, without the extension: `query-core/build/modern/query`. */
  file: string
  replace: RegExp
  by: string
}

const rewrite = (edits: readonly Edit[]): Plugin & { assertDone: () => void } => {
  const missing = new Set(edits)
  return {
    name: 'rewrite',
    transform: (code, id) => {
      const path = id.replace(/\.\w+$/, '')
      return edits
        .filter(({ file }) => path.endsWith(`/${file}`))
        .reduce((source, edit) => {
          const edited = source.replaceAll(edit.replace, edit.by)
          if (edited !== source) missing.delete(edit)
          return edited
        }, code)
    },
    assertDone: () => {
      const [edit] = missing
      if (edit) throw new Error(`${edit.file} has nothing like ${edit.replace}`)
    },
  }
}

const bundle = async (name: string, edits: readonly Edit[]): Promise<string> => {
  const fileName = `${name.replaceAll(/\W+/g, '-')}.js`
  const outDir = root(`node_modules/.cache/changed-internals/${mode}-${process.pid}`)
  const plugin = rewrite(edits)
  const { resolve } = config({ mode, command: 'build' })
  await build({
    configFile: false,
    root: root('.'),
    logLevel: 'silent',
    // An app's production build is silent, but for what signoff says there too.
    define: { 'process.env.NODE_ENV': '"production"' },
    ...(resolve && { resolve }),
    plugins: [
      plugin,
      {
        name: 'kit',
        resolveId: (id) => (id === 'kit' ? root('kit.js') : undefined),
        load: (id) =>
          id === root('kit.js')
            ? `export * from 'signoff'\nexport * from '@tanstack/react-query'`
            : undefined,
      },
    ],
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: {
        input: 'kit',
        preserveEntrySignatures: 'strict',
        external: [/^react($|\/)/, 'ky'],
        output: { entryFileNames: fileName },
        onwarn: () => {},
      },
    },
  })
  plugin.assertDone()
  return pathToFileURL(`${outDir}/${fileName}`).href
}

const bundles = new Map<string, Promise<string>>()
let loads = 0

/** Bundles signoff with a TanStack Query that is changed, and loads it afresh each time. React stays the test's own. */
export const loadKit = async (name: string, edits: readonly Edit[] = []): Promise<Kit> => {
  const bundled = bundles.get(name) ?? bundle(name, edits)
  bundles.set(name, bundled)
  loads += 1
  return (await import(/* @vite-ignore */ `${await bundled}?${loads}`)) as Kit
}

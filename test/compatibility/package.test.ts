// @vitest-environment node
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// The package as npm would publish it: what is in it, and that its types work for those who install it. A matrix of
// compilers, module resolutions, and the peers that the package says it goes with.

const run = promisify(execFile)
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const root = (path: string) => here(`../../${path}`)
const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))

interface Manifest {
  peerDependencies: Record<string, string>
  devDependencies: Record<string, string>
}
const manifest = (await readJson(root('package.json'))) as Manifest
const compilers = Object.keys(((await readJson(here('package.json'))) as Manifest).devDependencies)
const firstOf = (range = '') => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? ''
const { devDependencies, peerDependencies } = manifest

const peers = {
  newest: {
    '@tanstack/react-query': devDependencies['@tanstack/react-query'],
    react: devDependencies['react'],
    'react-dom': devDependencies['react-dom'],
    '@types/react': devDependencies['@types/react'],
    '@types/react-dom': devDependencies['@types/react-dom'],
  },
  oldest: {
    '@tanstack/react-query': firstOf(peerDependencies['@tanstack/react-query']),
    react: firstOf(peerDependencies['react']),
    'react-dom': firstOf(peerDependencies['react']),
    '@types/react': '18.3.0',
    '@types/react-dom': '18.3.0',
  },
}

const fencesOf = (markdown: string) =>
  Array.from(markdown.matchAll(/^```tsx?\n([^]*?)^```$/gm), ([, code = '']) => code)

const folders = {} as Record<keyof typeof peers, string>
let packed: { filename: string; files: { path: string }[] }

/** An app that has installed the package, with code from the documentation. */
const install = async (name: keyof typeof peers): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), `signoff-${name}-`))
  folders[name] = folder
  const dependencies = { ...peers[name], signoff: `file:${root(packed.filename)}` }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], {
    cwd: folder,
  })

  const [quickStart = ''] = fencesOf(await readFile(root('README.md'), 'utf8'))
  const guide = fencesOf(await readFile(root('docs/guide/getting-started.md'), 'utf8'))
  // One app registers one client.
  const others = guide.filter((code) => !code.includes('interface Register'))
  expect(others.length).toBeGreaterThan(1)
  const files = ["export * from 'signoff'\n", quickStart, ...others]
  await Promise.all(files.map((code, index) => writeFile(join(folder, `app-${index}.tsx`), code)))
}

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--foreground-scripts=false'], { cwd: root('.') })
  ;[packed] = JSON.parse(stdout) as [typeof packed]
  await install('newest')
  await install('oldest')
})

afterAll(async () => {
  const paths = [...Object.values(folders), root(packed.filename)]
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })))
})

describe('what npm pack holds', () => {
  const sources = (path: string) => path.replace(/^src\/(.+)\.tsx?$/, '$1')

  it('is the build, its source, and what tells of it', () => {
    const allowed =
      /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|src\/.+\.tsx?|dist\/.+\.(?:js|js\.map|d\.ts))$/
    const paths = packed.files.map(({ path }) => path)
    expect(paths.filter((path) => !allowed.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'LICENSE', 'dist/index.js']))
  })

  it('is each source file with its script, its map and its types, and nothing that was built before', () => {
    const paths = packed.files.map(({ path }) => path)
    const names = paths.filter((path) => path.startsWith('src/')).map(sources)
    const expected = names.flatMap((name) => ['js', 'js.map', 'd.ts'].map((end) => `dist/${name}.${end}`))
    expect(paths.filter((path) => path.startsWith('dist/')).sort()).toEqual(expected.sort())
  })
})

describe.each(Object.keys(peers) as (keyof typeof peers)[])('with the %s peers', (name) => {
  it('the package installs without complaint, and there is one TanStack Query', async () => {
    const { stdout } = await run('npm', ['ls', '--all', '--json', '@tanstack/query-core'], {
      cwd: folders[name],
    })
    expect(new Set(stdout.match(/(?<="version": ")[\d.]+/g)).size).toBe(1)
    expect(stdout).not.toContain('invalid')
  })

  const resolutions = [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ] as const
  // The oldest peers are the same to all compilers: the first and the last are asked.
  const asked = name === 'newest' ? compilers : compilers.filter((compiler) => /5\.4|7/.test(compiler))
  const matrix = asked.flatMap((compiler) =>
    resolutions.map(([module, moduleResolution]) => ({ compiler, module, moduleResolution })),
  )

  it.each(matrix)(
    'types work in $compiler under $moduleResolution',
    async ({ compiler, module, moduleResolution }) => {
      const folder = folders[name]
      const project = join(folder, `tsconfig.${compiler}.${moduleResolution}.json`)
      const compilerOptions = {
        target: 'ES2022',
        lib: ['ES2022', 'DOM', 'DOM.Iterable'],
        module,
        moduleResolution,
        jsx: 'react-jsx',
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        // Our declarations are checked as well.
        skipLibCheck: false,
        noEmit: true,
      }
      await writeFile(project, JSON.stringify({ compilerOptions, include: ['app-*.tsx'] }))
      const output = await run(process.execPath, [here(`node_modules/${compiler}/bin/tsc`), '-p', project], {
        cwd: folder,
      }).then(
        () => '',
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
      )
      expect(output).toBe('')
    },
  )
})

import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { compileReact } from './test/compatibility/compiler/compileReact.ts'

const root = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * `--mode oldest` runs the same files on the oldest TanStack Query of the peer range, with its persisters; `--mode newest`
 * on the newest, with the newest React and ky; `--mode query` on the one that `npm run test:query` has installed.
 */
const versionsOf = (mode: string): { find: RegExp; replacement: string }[] => {
  if (!['oldest', 'newest', 'query'].includes(mode)) return []
  const folder = `test/compatibility/${mode}/node_modules`
  return [
    {
      find: /^@tanstack\/((?:react-)?query[\w-]*)$/,
      // The file that the packages themselves import from each other: a folder would be another copy.
      replacement: root(`${folder}/@tanstack/$1/build/modern/index.js`),
    },
    ...(mode === 'newest' ? [{ find: /^ky$/, replacement: root(`${folder}/ky/distribution/index.js`) }] : []),
  ]
}

/** What `--mode bare` runs: the tests of the source, on a platform with less than a browser or Node has. */
const rooms = 'browser,cache,client,errors,http,react,react-native,refresh,session,tanstack,testing'

/** What `--mode compiler` runs: the tests of what is compiled, and of what it shows. */
const compiledRooms = 'browser,cache,client,react,session,tanstack'

/** An entry of its own. */
const isEntry = (mode: string): boolean => mode === 'refresh' || mode === 'testing'

/** Rooms of tests that run in the default mode alone: they install servers, or depend neither on the build nor on a version. */
const once = 'admin|backends|documentation|example|http-clients|react-native|recipes'
/** Node's `fetch` needs `WeakRef`, and happy-dom `structuredClone`: only the source does without. */
const barePlatform: Plugin = {
  name: 'bare-platform',
  transform: (code, id) =>
    id.startsWith(root('src/'))
      ? { code: `const WeakRef = undefined, structuredClone = undefined\n${code}`, map: null }
      : undefined,
}

const isHookOrComponent = (path: string): boolean =>
  /\.tsx?$/.test(path) &&
  !/\.test\.tsx?$/.test(path) &&
  [root('src/react/'), root('example/app/')].some((folder) => path.startsWith(folder))

export default defineConfig(({ mode }) => ({
  plugins: mode === 'bare' ? [barePlatform] : mode === 'compiler' ? [compileReact(isHookOrComponent)] : [],
  resolve: {
    // The tests import the package by its public name; `--mode dist` runs the same files on the build.
    alias: [
      {
        find: /^signoff\/testing$/,
        replacement: root(mode === 'dist' ? 'dist/testing/index.js' : 'src/testing/index.ts'),
      },
      {
        find: /^signoff\/refresh$/,
        replacement: root(mode === 'dist' ? 'dist/refresh/index.js' : 'src/refresh/index.ts'),
      },
      { find: /^signoff$/, replacement: root(mode === 'dist' ? 'dist/index.js' : 'src/index.ts') },
      ...versionsOf(mode),
    ],
    // What a test folder installs for itself uses the one that the app has.
    dedupe: ['@tanstack/react-query'],
  },
  // What an app's production build makes of the package: `npm run size` weighs it. `tsc` alone builds `dist`. `--mode refresh`
  // and `--mode testing` weigh what these entries add to the main one.
  build: {
    outDir: 'node_modules/.cache/size',
    emptyOutDir: !isEntry(mode),
    target: 'es2022',
    rolldownOptions: {
      input: root(isEntry(mode) ? `dist/${mode}/index.js` : 'dist/index.js'),
      preserveEntrySignatures: 'strict',
      external: [/^react($|\/)/, /^@tanstack\//, 'ky', ...(isEntry(mode) ? [/^\.\.\//] : [])],
      output: { entryFileNames: isEntry(mode) ? `${mode}.js` : 'signoff.js' },
      onwarn: () => {},
    },
  },
  test: {
    environment: './test/support/environment.ts',
    ...(mode === 'refresh' && { env: { REFRESH: '1' } }),
    // The example is an app on React 19: it takes `ref` as a prop. `--mode package` tests what npm would publish,
    // and `--mode native` an app for phones.
    include:
      mode === 'package' || mode === 'native'
        ? [`test/${mode === 'native' ? mode : 'compatibility'}/*.test.ts`]
        : mode === 'bare'
          ? [`test/{${rooms}}/*.test.{ts,tsx}`]
          : mode === 'compiler'
            ? [
                // What it compiles remembers by itself what it has rendered.
                `test/{${compiledRooms}}/!(kept-by-react).test.{ts,tsx}`,
                'test/compatibility/compiler/*.test.ts',
                'example/app/**/*.test.tsx',
              ]
            : [
                'test/*.test.ts',
                `test/!(compatibility|native${mode === 'test' ? '' : `|${once}`})/*.test.{ts,tsx}`,
                ...(mode === 'react18' ? [] : ['example/app/**/*.test.tsx']),
              ],
    // The limits only say that a test hangs, at whatever load.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Vitest leaves a core alone, which is half of a small machine.
    maxWorkers: '100%',
    // `--mode react18` runs the same files on React 18.
    setupFiles: [
      ...(mode === 'bare' ? ['test/support/bare.ts'] : []),
      ...(mode === 'react18' || mode === 'newest' ? ['test/support/otherReact.ts'] : []),
      'test/support/setup.ts',
    ],
    // Node would give it the TanStack Query that is installed. MUI knows nothing of it, and is large.
    server: {
      deps: {
        inline: [
          /test\/admin\/node_modules\/(?!@mui|@emotion)/,
          ...(versionsOf(mode).length > 0 ? ['react-query-auth'] : []),
        ],
      },
    },
  },
}))

import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const paths = ['react', 'react/jsx-runtime', 'react/jsx-dev-runtime', 'react-dom', 'react-dom/client']

const newest = join(import.meta.dirname, '../compatibility/newest/node_modules')
const nameOf = (path: string): string =>
  import.meta.env['MODE'] === 'newest' ? join(newest, path) : path.replace(/^[^/]+/, '$&-18')

// Whoever asks for React, test or package, is given that of the run. React first: React DOM asks for it.
for (const path of [...paths, 'react-dom/server', 'react-dom/test-utils']) {
  const other = nameOf(path)
  require(other)
  require.cache[require.resolve(path)] = require.cache[require.resolve(other)]
}

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const paths = ['react', 'react/jsx-runtime', 'react/jsx-dev-runtime', 'react-dom', 'react-dom/client']

// Whoever asks for React, test or package, is given React 18. React first: React DOM asks for it.
for (const path of [...paths, 'react-dom/server', 'react-dom/test-utils']) {
  const path18 = path.replace(/^[^/]+/, '$&-18')
  require(path18)
  require.cache[require.resolve(path)] = require.cache[require.resolve(path18)]
}

import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

interface Babel {
  transformAsync: (code: string, options: object) => Promise<{ code: string; map: string } | null>
}

/**
 * Compiles hooks and components with React Compiler, as an app does that has turned it on. One that it cannot compile is an
 * error.
 *
 * @param isCompiled - Whether a file is one to compile.
 */
export const compileReact = (isCompiled: (path: string) => boolean): Plugin => {
  const require = createRequire(import.meta.url)
  return {
    name: 'react-compiler',
    enforce: 'pre',
    transform: async (code, id) => {
      if (!isCompiled(id)) return undefined
      const { transformAsync } = require('@babel/core') as Babel
      return transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        // Types and JSX stay for Vite.
        parserOpts: { plugins: ['typescript', ...(id.endsWith('x') ? ['jsx'] : [])] },
        plugins: [[require.resolve('babel-plugin-react-compiler'), { panicThreshold: 'all_errors' }]],
      })
    },
  }
}

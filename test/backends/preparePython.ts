import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Debian's packages belong to Debian's Python, which need not be the first on the path. */
const interpreters = ['/usr/bin/python3', 'python3']

const findPython = (modules: string): string | undefined =>
  interpreters.find((python) => spawnSync(python, ['-c', `import ${modules}`]).status === 0)

/** A server written in Python. */
export interface PythonServer {
  origin: string
  close: () => Promise<void>
}

/**
 * @param modules - What the server imports.
 * @returns What starts a file of this folder, or `undefined` if this machine cannot.
 */
export const preparePython = (
  modules: string,
): ((file: string, ...args: string[]) => Promise<PythonServer>) | undefined => {
  const python = findPython(modules)
  if (python === undefined) return undefined

  return async (file, ...args) => {
    const child: ChildProcess = spawn(python, [join(import.meta.dirname, file), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(child, 'exit')
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    // It prints its port once it listens.
    const port = await Promise.race([
      once(lines, 'line'),
      exit.then(([code]) => {
        throw new Error(`${file} has ended with ${code}`)
      }),
    ])
    return {
      origin: `http://127.0.0.1:${port}`,
      close: async () => {
        child.kill()
        await exit
      },
    }
  }
}

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { listen } from '../recipes/listen.ts'
import { type Front, openFront } from './openFront.ts'
import { putSignoff } from './putSignoff.ts'

const findFreePort = async (): Promise<string> => {
  const { origin, close } = await listen(createServer())
  await close()
  return new URL(origin).port
}

/** Builds the app of a folder for an address, and starts its server behind it, as its own scripts say. */
export const openApp = async (folder: string): Promise<Front> => {
  putSignoff(join(folder, 'node_modules/signoff'))
  const front = await openFront()
  const baseUrl = `${front.origin}/api`
  const port = await findFreePort()
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // Of whoever runs the tests.
    NODE_ENV: 'production',
    NODE_OPTIONS: '',
    NEXT_PUBLIC_API_URL: baseUrl,
    VITE_API_URL: baseUrl,
    HOST: '127.0.0.1',
    PORT: port,
  }
  try {
    execFileSync('npm', ['run', 'build'], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    await front.close()
    throw new Error(`${folder} does not build:\n${stdout}${stderr}`, { cause: error })
  }

  // In a group of its own, because npm is between.
  const server = spawn('npm', ['start'], { cwd: folder, env, detached: true })
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const closed = once(server, 'close')
    process.kill(-(server.pid as number), 'SIGKILL')
    await closed
  }
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += text))
  front.pages = `http://127.0.0.1:${port}`
  const answers = () =>
    fetch(front.pages, { redirect: 'manual' }).then(
      () => true,
      () => false,
    )
  while (!(await answers())) {
    if (server.exitCode !== null) throw new Error(`${folder} does not start:\n${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const { close } = front
  return Object.assign(front, {
    close: async () => {
      await stop()
      await close()
    },
  })
}

// @vitest-environment node
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const config = `
import baseConfig from '../../../vite.config.ts'

export default (env) => {
  const { test, ...config } = baseConfig(env)
  const include = ['node_modules/.cache/recipe-tests/*.test.tsx']
  // Vitest takes what lies below \`node_modules\` for a dependency.
  return { ...config, test: { ...test, include, exclude: [], server: { deps: { inline: [/\\.cache/] } } } }
}
`

it('the recipes that are tests pass', async () => {
  const folder = root('node_modules/.cache/recipe-tests')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(`${folder}/vitest.config.ts`, config)
  const names: string[] = []
  for (const name of await readdir(root('docs/recipes'))) {
    const text = await readFile(root(`docs/recipes/${name}`), 'utf8')
    const tests = Array.from(text.matchAll(/```tsx?\n([^]*?)```/g), ([, code = '']) => code).filter((code) =>
      code.includes(`from 'vitest'`),
    )
    for (const [index, code] of tests.entries()) {
      names.push(`${name.replace('.md', '')}-${index}.test.tsx`)
      await writeFile(`${folder}/${names.at(-1)}`, code)
    }
  }
  expect(names.length).toBeGreaterThan(0)

  const { MODE } = import.meta.env
  const args = ['run', '--root', root('.'), '--config', `${folder}/vitest.config.ts`, '--mode', MODE]
  const run = promisify(execFile)(root('node_modules/.bin/vitest'), [...args, '--reporter', 'json'])
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  const report = JSON.parse(stdout) as {
    testResults: { name: string; message: string; assertionResults: { status: string; title: string }[] }[]
  }
  expect(report.testResults.map(({ message }) => message).join('')).toBe('')
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  expect(report.testResults).toHaveLength(names.length)
  expect(results.filter(({ status }) => status !== 'passed')).toEqual([])
})

import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** A block of code in Markdown, and where it stands. */
export interface Fence {
  /** Of the Markdown file, from the root of the repository. */
  path: string
  line: number
  extension: string
  code: string
}

/** The `ts` and `tsx` fences of a Markdown file. */
export const fencesOf = (path: string, markdown: string): Fence[] =>
  Array.from(
    markdown.matchAll(/^```(tsx?)\n([^]*?)^```$/gm),
    ({ index, 1: extension = '', 2: code = '' }) => ({
      path,
      line: markdown.slice(0, index).split('\n').length,
      extension,
      code,
    }),
  )

const augments = ({ code }: Fence) => /^declare (?:module|global)/m.test(code)

/**
 * Compiles fences, each a module that must find all that it imports, and returns what the compiler says of them.
 *
 * Fences that change types for all (`Register`) get a program of their own; the others share one.
 *
 * @param name - Of the folder that they are written to.
 */
export const compileFences = async (name: string, fences: Fence[]): Promise<string> => {
  const folder = root(`node_modules/.cache/${name}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })

  const programs = [
    fences.filter((fence) => !augments(fence)),
    ...fences.filter(augments).map((fence) => [fence]),
  ]
  const outputs = []
  for (const [index, program] of programs.filter(({ length }) => length > 0).entries()) {
    const files = program.map(({ path, line, extension }) => {
      return `${path.replaceAll(/\W+/g, '-')}-line-${line}.${extension}`
    })
    await Promise.all(
      program.map(({ code }, at) => writeFile(`${folder}/${files[at]}`, `${code}\nexport {}\n`)),
    )
    const project = `${folder}/tsconfig.${index}.json`
    const config = {
      extends: root('example/tsconfig.json'),
      compilerOptions: {
        paths: {
          signoff: [root('src/index.ts')],
          'signoff/refresh': [root('src/refresh/index.ts')],
          'signoff/testing': [root('src/testing/index.ts')],
        },
        rootDir: root('.'),
      },
      include: files,
    }
    await writeFile(project, JSON.stringify(config))
    const output = await promisify(execFile)(root('node_modules/.bin/tsc'), ['-p', project]).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    )
    outputs.push(output)
  }
  return outputs.join('')
}

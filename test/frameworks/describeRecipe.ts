import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'

const root = join(import.meta.dirname, '../..')

/**
 * The page of the documentation shows the app, file by file.
 *
 * @param files - In the order of the page.
 */
export const describeRecipe = (recipe: string, folder: string, files: string[]): void => {
  test(`the recipe ${recipe} is the app that runs here`, async () => {
    const page = await readFile(join(root, `docs/recipes/${recipe}.md`), 'utf8')
    const fences = Array.from(
      page.matchAll(/```(?:tsx?|js)(?: no-compile)?\n([^]*?)```/g),
      ([, code = '']) => code,
    )
    expect(fences).toEqual(await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8'))))
  })
}

/** After the build, which writes the types of the routes. */
export const describeTypes = (folder: string): void => {
  test('the app fits the types of the packages', async () => {
    const compiler = join(root, 'node_modules/.bin/tsc')
    const output = await promisify(execFile)(compiler, ['-p', folder]).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    )
    expect(output).toBe('')
  })
}

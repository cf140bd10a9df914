import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AuthClient, DefaultUser } from 'signoff'

export type RecipeClient = AuthClient<DefaultUser, object, object>

const folder = join(import.meta.dirname, '../../node_modules/.cache/recipes')

export const documents: string = join(import.meta.dirname, '../../docs/recipes')

/** The blocks of code in one language that a recipe shows. */
export const readFences = async (recipe: string, language: string): Promise<string[]> => {
  const text = await readFile(join(documents, `${recipe}.md`), 'utf8')
  return Array.from(text.matchAll(/^```(\w+)\n([^]*?)^```$/gm))
    .filter(([, found]) => found === language)
    .map(([, , code = '']) => code)
}

let pages = 0

/**
 * Loads the code of a recipe as a page of the browser would: anew each time, and with the server's address in the place of
 * its own.
 *
 * @param change - Follows what the recipe says may be another for some.
 */
export const openRecipe = async (
  recipe: string,
  origin: string,
  change: (code: string) => string = (code) => code,
): Promise<RecipeClient> => {
  const fences = await readFences(recipe, 'ts')
  expect(fences).toHaveLength(1)
  const code = change(fences[0] ?? '')
  const here = code.replace(/(?<=baseUrl: ')https?:\/\/[^/']+/, origin)
  expect(here).not.toBe(code)
  pages += 1
  const path = join(folder, `${recipe}-${process.pid}-${pages}.ts`)
  await mkdir(folder, { recursive: true })
  await writeFile(path, here)
  const { authClient } = (await import(/* @vite-ignore */ path)) as { authClient: RecipeClient }
  await rm(path)
  authClient.mount()
  return authClient
}

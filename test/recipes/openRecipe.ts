import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AuthClient, DefaultUser } from 'signoff'

export type RecipeClient = AuthClient<DefaultUser, object, object>

const folder = join(import.meta.dirname, '../../node_modules/.cache/recipes')

export const documents: string = join(import.meta.dirname, '../../docs/recipes')

/**
 * The blocks of code in one language that a page of the documentation shows.
 *
 * @param page - `recipes/fastapi`, for example.
 */
export const readFences = async (page: string, language: string): Promise<string[]> => {
  const text = await readFile(join(documents, '..', `${page}.md`), 'utf8')
  return Array.from(text.matchAll(/^```(\w+)\n([^]*?)^```$/gm))
    .filter(([, found]) => found === language)
    .map(([, , code = '']) => code)
}

let pages = 0

/** Loads code as a module of its own. */
export const loadCode = async (
  name: string,
  code: string,
  language = 'ts',
): Promise<Record<string, unknown>> => {
  pages += 1
  const path = join(folder, `${name}-${process.pid}-${pages}.${language}`)
  await mkdir(folder, { recursive: true })
  await writeFile(path, code)
  const loaded = (await import(/* @vite-ignore */ path)) as Record<string, unknown>
  await rm(path)
  return loaded
}

/**
 * Loads the code of a recipe as a page of the browser would: anew each time, and with the server's address in the place of
 * those that it names.
 *
 * @param change - Follows what the recipe says may be another for some.
 */
export const openRecipe = async (
  recipe: string,
  origin: string,
  change: (code: string) => string = (code) => code,
): Promise<RecipeClient> => {
  const fences = await readFences(`recipes/${recipe}`, 'ts')
  expect(fences).toHaveLength(1)
  const code = change(fences[0] ?? '')
  const here = code.replaceAll(/(?<=')https?:\/\/[^/']+/g, origin)
  expect(here).not.toBe(code)
  const { authClient } = (await loadCode(recipe, here)) as { authClient: RecipeClient }
  authClient.mount()
  return authClient
}

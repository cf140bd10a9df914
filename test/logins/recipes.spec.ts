import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'

const folder = import.meta.dirname
const root = (path: string) => join(folder, '../..', path)

/** The pages of the documentation, and the files whose code they show. */
const recipes = {
  passkey: ['passkey.ts'],
  'second-factor': ['useTwoSteps.ts'],
  'magic-link': ['magicLink.ts', 'MagicLink.tsx'],
  oauth: [
    'oauthBegin.ts',
    'oauthClient.ts',
    'oauthFinish.ts',
    'oauthRedirect.ts',
    'OAuthCallback.tsx',
    'hearPopup.ts',
    'oauthPopup.ts',
    'oauthPopupCallback.ts',
  ],
}

for (const [name, files] of Object.entries(recipes)) {
  test(`the recipe ${name} is the code that runs here`, async () => {
    const recipe = await readFile(root(`docs/recipes/${name}.md`), 'utf8')
    const fences = Array.from(recipe.matchAll(/```tsx? no-compile\n([^]*?)```/g), ([, code = '']) => code)
    const codes = await Promise.all(files.map((file) => readFile(join(folder, 'pages', file), 'utf8')))
    expect(fences).toEqual(codes)
  })

  test(`the recipe ${name} has at most fifteen lines of code in each fence`, async () => {
    const recipe = await readFile(root(`docs/recipes/${name}.md`), 'utf8')
    const fences = Array.from(recipe.matchAll(/```tsx? no-compile\n([^]*?)```/g), ([, code = '']) => code)
    const lines = fences.map(
      (code) => code.split('\n').filter((line) => /^(?!import ).*\S/.test(line)).length,
    )
    expect(Math.max(...lines)).toBeLessThanOrEqual(15)
  })
}

test('what the recipes say fits the real types of the packages', async () => {
  const output = await promisify(execFile)(root('node_modules/.bin/tsc'), ['-p', folder]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  expect(output).toBe('')
})

import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { describeFramework } from './describeFramework.ts'
import { describeRecipe, describeTypes } from './describeRecipe.ts'
import { installApp } from './installApp.ts'
import { openApp } from './openApp.ts'

const folder = join(import.meta.dirname, 'tanstack-start')

const open = () => {
  installApp(folder)
  return openApp(folder)
}

describeRecipe('tanstack-start', folder, [
  'src/auth.ts',
  'src/cookieStorage.ts',
  'src/router.tsx',
  'src/routes/__root.tsx',
  'src/routes/_private.tsx',
  'src/routes/_private/index.tsx',
  'src/routes/login.tsx',
])

describeFramework({ name: 'TanStack Start', open, asks: '/api/notes' }, (front) => {
  describeTypes(folder)

  test('the server sends a visitor to the login', async ({ request }) => {
    const response = await request.get(front().origin, { maxRedirects: 0 })
    expect(response.headers()['location']).toMatch(/\/login$/)
  })
})

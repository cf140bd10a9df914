import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { describeFramework } from './describeFramework.ts'
import { describeRecipe, describeTypes } from './describeRecipe.ts'
import { installApp } from './installApp.ts'
import { openApp } from './openApp.ts'

const folder = join(import.meta.dirname, 'react-router')

const open = () => {
  installApp(folder)
  return openApp(folder)
}

describeRecipe('react-router-framework', folder, [
  'app/auth.ts',
  'app/root.tsx',
  'app/routes.ts',
  'app/routes/private.tsx',
  'app/routes/notes.tsx',
  'app/routes/login.tsx',
])

describeFramework({ name: 'React Router', open, asks: '/api/announcements' }, (front) => {
  describeTypes(folder)

  test('a loader on the server, which cannot know, sends nobody to the login', async ({ request }) => {
    const response = await request.get(front().origin, { maxRedirects: 0 })
    expect(response.status()).toBe(200)
    const html = await response.text()
    expect(html).toContain('Loading')
    expect(html).toContain('public news')
  })
})

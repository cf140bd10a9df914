import { defineConfig } from '@playwright/test'
import tests from './playwright.config.ts'

/**
 * Takes the picture that the README shows, and pictures of every state of the example in `test-results/screenshots`.
 */
export default defineConfig({ ...tests, projects: [{ name: 'pictures', testMatch: 'screenshots.ts' }] })

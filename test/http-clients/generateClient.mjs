import { fileURLToPath } from 'node:url'
import { createClient } from '@hey-api/openapi-ts'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// The client of `notes.openapi.json`, as an app has it made.
await createClient({
  input: here('notes.openapi.json'),
  output: { path: here('clients/generated'), importFileExtension: '.ts' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'silent', file: false },
})

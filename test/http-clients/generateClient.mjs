import { fileURLToPath } from 'node:url'
import { createClient } from '@hey-api/openapi-ts'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// The clients of `notes.openapi.json`, as an app has them made: on `fetch` and on axios.
await createClient(
  [
    { path: 'clients/generated', plugin: '@hey-api/client-fetch' },
    { path: 'clients/generated-axios', plugin: '@hey-api/client-axios' },
  ].map(({ path, plugin }) => ({
    input: here('notes.openapi.json'),
    output: { path: here(path), importFileExtension: '.ts' },
    plugins: [plugin, '@hey-api/typescript', '@hey-api/sdk'],
    logs: { level: 'silent', file: false },
  })),
)

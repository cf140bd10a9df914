import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient, type Client } from '@libsql/client'

export interface DatabaseLocation {
  databaseUrl: string | undefined
  databaseAuthToken: string | undefined
  dataDirectory: string
}

/** Connects to the shared libSQL server where there is a URL, else opens the file in `dataDirectory`. */
export async function openDatabase({
  databaseUrl,
  databaseAuthToken,
  dataDirectory,
}: DatabaseLocation): Promise<Client> {
  if (databaseUrl) {
    return createClient({
      url: databaseUrl,
      ...(databaseAuthToken ? { authToken: databaseAuthToken } : {}),
    })
  }
  // Live sessions lie in the file: the folder is the owner's alone.
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  return createClient({
    url: pathToFileURL(join(dataDirectory, 'signoff.db')).href,
    // Another process may be writing to the same file at this very moment.
    timeout: 5000,
  })
}

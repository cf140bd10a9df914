import { createSyncStoragePersister } from '@tanstack/query-sync-storage-persister'
import { settings } from './settings.ts'

/** With the throttle that it has by default: a second. */
export const persister = settings.isBusy
  ? createSyncStoragePersister({ storage: localStorage, key: 'cache' })
  : undefined

import { createPatch } from './createPatch.ts'
import type { PersistedCopy, QueryPersister } from './QueryPersister.ts'

type Write = QueryPersister['persistClient']

/** For each guarded function, the persister's own. */
const originals = new WeakMap<Write, Write>()

/** Writes a copy, even if the persister is guarded. */
export const writeUnguarded = (persister: QueryPersister, copy: PersistedCopy): unknown => {
  const write = persister.persistClient
  return (originals.get(write) ?? write).call(persister, copy)
}

/** Lets a persister write a copy only if all who guard it allow that. */
export const guardPersister: (
  persister: QueryPersister,
  mayWrite: (copy: PersistedCopy) => boolean,
) => () => void = createPatch((persister, askers) => {
  const own = Object.getOwnPropertyDescriptor(persister, 'persistClient')
  const write = persister.persistClient
  const guarded: Write = (copy) =>
    Array.from(askers).every((mayWrite) => mayWrite(copy)) ? write.call(persister, copy) : undefined
  originals.set(guarded, write)
  persister.persistClient = guarded
  return () => {
    // Other code may have wrapped this function. Then it stays, and lets everything through.
    if (persister.persistClient !== guarded) return
    if (own) Object.defineProperty(persister, 'persistClient', own)
    else Reflect.deleteProperty(persister, 'persistClient')
  }
})

import { createPatch } from './createPatch.ts'
import type { PersistedCopy, QueryPersister } from './QueryPersister.ts'

type Write = QueryPersister['persistClient']

/** What the guarded functions stand for. */
const originals = new WeakMap<Write, Write>()

/** Writes a copy, whoever guards the persister. */
export const writeUnguarded = (persister: QueryPersister, copy: PersistedCopy): unknown => {
  const write = persister.persistClient
  return (originals.get(write) ?? write).call(persister, copy)
}

/** Lets a persister write only what all who guard it allow. */
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
    // Somebody else may have put something over it: that goes on to call this one, which then lets everything through.
    if (persister.persistClient !== guarded) return
    if (own) Object.defineProperty(persister, 'persistClient', own)
    else Reflect.deleteProperty(persister, 'persistClient')
  }
})

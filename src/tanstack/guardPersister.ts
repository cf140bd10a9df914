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

/** What becomes of a copy; `undefined`: nothing. */
type Change = (copy: PersistedCopy) => PersistedCopy | undefined

/** Who guards a persister: sees each copy before it is written, and after it has been read. */
export interface PersisterGuard {
  write: Change
  read: Change
  /** Waits until that has been read, and until it can judge it. */
  whenReady: (reading: Promise<unknown>) => Promise<void>
}

const change = (copy: PersistedCopy | undefined, changes: Change[]): PersistedCopy | undefined =>
  changes.reduce<PersistedCopy | undefined>((left, each) => left && each(left), copy)

/** Lets a persister write and restore only what all who guard it leave of a copy. */
export const guardPersister: (persister: QueryPersister, guard: PersisterGuard) => () => void = createPatch(
  (persister, guards) => {
    const patch = <TName extends 'persistClient' | 'restoreClient'>(
      name: TName,
      guarded: QueryPersister[TName],
    ): (() => void) => {
      const own = Object.getOwnPropertyDescriptor(persister, name)
      persister[name] = guarded
      return () => {
        // Other code may have wrapped this function. Then it stays, and lets everything through.
        if (persister[name] !== guarded) return
        if (own) Object.defineProperty(persister, name, own)
        else Reflect.deleteProperty(persister, name)
      }
    }

    const { persistClient, restoreClient } = persister
    const write: Write = (copy) => {
      const changed = change(
        copy,
        Array.from(guards, (guard) => guard.write),
      )
      return changed && persistClient.call(persister, changed)
    }
    originals.set(write, persistClient)
    const read = async (): Promise<unknown> => {
      // Whoever guards it now, guards what comes late.
      const present = [...guards]
      const reading = (async () => restoreClient.call(persister))()
      await Promise.all(present.map(({ whenReady }) => whenReady(reading)))
      return change(
        (await reading) as PersistedCopy | undefined,
        present.map((guard) => guard.read),
      )
    }
    const restores = [patch('persistClient', write), patch('restoreClient', read)]
    return () => restores.forEach((restore) => restore())
  },
)

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Collects garbage until an object has gone, for a second at most. Returns whether it has. */
export const isCollected = async (object: WeakRef<object>): Promise<boolean> => {
  for (let count = 0; object.deref() && count < 100; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    collect()
  }
  return object.deref() === undefined
}

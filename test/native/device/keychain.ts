/** What the keychain holds. */
export const items = new Map<string, string>()

let isLocked = false

/** The phone is locked from here on, or unlocked: locked, it opens no keychain. */
export const lock = (next: boolean): void => {
  isLocked = next
}

const open = async <T>(act: () => T): Promise<T> => {
  // Native code answers in a task of its own.
  await new Promise((resolve) => setTimeout(resolve))
  if (isLocked) throw new Error('User interaction is not allowed.')
  return act()
}

/** The native module below expo-secure-store. */
export const ExpoSecureStore = {
  getValueWithKeyAsync: (key: string) => open(() => items.get(key) ?? null),
  setValueWithKeyAsync: (value: string, key: string) => open(() => void items.set(key, value)),
  deleteValueWithKeyAsync: (key: string) => open(() => void items.delete(key)),
}

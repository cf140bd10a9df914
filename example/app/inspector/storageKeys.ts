/** The keys in a storage, none where the browser blocks it. */
export function storageKeys(kind: 'localStorage' | 'sessionStorage'): string[] {
  try {
    return Object.keys(window[kind]).sort()
  } catch {
    return []
  }
}

/** What Expo's native code gives all objects that it shares with JavaScript. */
export class SharedObject {
  readonly listeners = new Map<string, Set<(given?: unknown) => void>>()

  addListener(event: string, listener: (given?: unknown) => void): { remove: () => void } {
    const listeners = this.listeners.get(event) ?? new Set()
    this.listeners.set(event, listeners.add(listener))
    return { remove: () => listeners.delete(listener) }
  }
  removeListener(event: string, listener: (given?: unknown) => void): void {
    this.listeners.get(event)?.delete(listener)
  }
  removeAllListeners(event: string): void {
    this.listeners.delete(event)
  }
  emit(event: string, given?: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(given)
  }
  release(): void {}
}

export function findBrowser(engine: 'chromium' | 'firefox'): string | undefined

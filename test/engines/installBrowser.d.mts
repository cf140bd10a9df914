export function findBrowser(engine: 'chromium' | 'firefox' | 'webkit'): string | undefined

import type { Page } from '@playwright/test'

/** A screen, and the colours that its owner prefers. */
export interface Look {
  name: string
  colorScheme: 'light' | 'dark'
  size: { width: number; height: number }
}

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } }

/** The screens and colours that the example is made for. */
export const looks: Look[] = Object.entries(sizes).flatMap(([screen, size]) =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    name: `${screen} ${colorScheme}`,
    colorScheme,
    size,
  })),
)

/** Shows a page like that, and still: what is half way between two colours can be neither read nor judged. */
export async function takeOn(page: Page, { colorScheme, size }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.setViewportSize(size)
}

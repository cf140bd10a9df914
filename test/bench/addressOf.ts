import type { ContenderPage } from './contenders.ts'
import type { Settings } from './page/settings.ts'

/** The address of a contender's page, with settings that the page reads from it. */
export const addressOf = (
  origin: string,
  { script, variant }: ContenderPage,
  settings: Partial<Settings>,
): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...settings, variant }))
    if (value) query.set(name, String(value))
  return `${origin}/page/${script}?${query}`
}

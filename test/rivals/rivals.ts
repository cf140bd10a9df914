export interface Rival {
  /** As its users know it. */
  name: string
  /** The file of its page. */
  script: string
  /** How many runs can go on at once: where one waits for timers, the machine has nothing to do. */
  atOnce: number
}

const rivals: Rival[] = [
  { name: 'signoff', script: 'signoff', atOnce: 6 },
  { name: 'axios-auth-refresh', script: 'axiosAuthRefresh', atOnce: 6 },
  { name: 'ky, its recipe for `afterResponse`', script: 'ky', atOnce: 6 },
  { name: 'Supabase auth-js', script: 'supabase', atOnce: 6 },
  { name: 'Directus SDK', script: 'directus', atOnce: 6 },
  { name: 'react-oauth2-code-pkce', script: 'oauth2CodePkce', atOnce: 10 },
]

const chosen = process.env['RIVALS']?.split(',')

/** Those that `RIVALS` names by their files; all without it. */
export const chosenRivals: Rival[] = rivals.filter(({ script }) => chosen?.includes(script) ?? true)

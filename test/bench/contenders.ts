/** A page of the benchmark: its script, and the variant of it. */
export interface ContenderPage {
  name: string
  script: string
  variant?: string
}

export const signoff: ContenderPage = { name: 'signoff', script: 'signoff' }
export const handWritten: ContenderPage = { name: 'hand-written', script: 'handWritten' }
export const bareReact: ContenderPage = { name: 'bare React', script: 'bareReact' }

/** What a user would pick instead. */
export const rivals: ContenderPage[] = [
  { name: 'react-query-auth', script: 'reactQueryAuth' },
  { name: 'ra-core', script: 'raCore' },
  { name: 'refine', script: 'refine' },
  { name: 'better-auth', script: 'betterAuth' },
  { name: 'Supabase, local', script: 'supabase', variant: 'local' },
  { name: 'Supabase, global', script: 'supabase', variant: 'global' },
  { name: 'next-auth', script: 'nextAuth' },
]

export const contenders: ContenderPage[] = [signoff, handWritten, bareReact, ...rivals]

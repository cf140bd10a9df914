/** A page of the benchmark: its script, and the variant of it. */
export interface ContenderPage {
  name: string
  script: string
  variant?: string
}

export const signoff: ContenderPage = { name: 'signoff', script: 'signoff' }

/** The floors: each component subscribes itself to a store, or one provider does and all others read its context. */
export const byStores: ContenderPage = { name: 'hand-written by stores', script: 'handWrittenByStores' }
export const byContext: ContenderPage = { name: 'hand-written by context', script: 'handWrittenByContext' }
export const bareByStores: ContenderPage = { name: 'bare React by stores', script: 'bareReactByStores' }
export const bareByContext: ContenderPage = { name: 'bare React by context', script: 'bareReactByContext' }

/** What is compared over as many rounds as a bar needs. */
export const own: ContenderPage[] = [signoff, byStores, byContext, bareByStores, bareByContext]

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

export const contenders: ContenderPage[] = [...own, ...rivals]

import fc from 'fast-check'
import { isReact18 } from '../support/isReact18.ts'

/** What the app of one round is made of. */
export interface Setting {
  /** Whether its tokens are short-lived. */
  hasRefresh: boolean
  /** Whether its browser knows Web Locks. */
  hasLocks: boolean
  /** Whether it keeps a copy of its cache, and who restores that: a component, or code that runs before all components. */
  copies: 'none' | 'component' | 'module'
  /** Whether it has pages that it hides, and that speak as they go. */
  hasPages: boolean
  /** Whether a client of another API shares its cache, and where that keeps its token. */
  other: 'none' | 'own key' | 'same key'
}

export type SettingParts = { [TName in keyof Setting]?: fc.Arbitrary<Setting[TName]> }

/** The plainest app, but for these parts. */
export const settings = (parts: SettingParts): fc.Arbitrary<Setting> =>
  fc.record<Setting>({
    hasRefresh: fc.constant(false),
    hasLocks: fc.constant(false),
    copies: fc.constant('none'),
    hasPages: fc.constant(false),
    other: fc.constant('none'),
    ...parts,
  })

export const hasCopies: SettingParts = { copies: fc.constantFrom('component', 'module') }
export const hasPages: SettingParts = { hasPages: fc.constant(true) }
export const hasOther: SettingParts = { other: fc.constantFrom('own key', 'same key') }
export const hasRefresh: SettingParts = { hasRefresh: fc.constant(true), hasLocks: fc.boolean() }
export const hasAnything: SettingParts = {
  copies: fc.constantFrom('none', 'component', 'module'),
  hasPages: fc.boolean(),
  other: fc.constantFrom('none', 'own key', 'same key'),
}

/** React 18 has no `<Activity>`. */
export const canHide = !isReact18

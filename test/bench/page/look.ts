import { settings } from './settings.ts'

export const userName = 'Ada Lovelace'
export const privateText = 'private note'
export const signedOutText = 'nobody'

/** What the page shows at one moment. Neither before nor after a logout is mixed. */
export type Look = 'before' | 'mixed' | 'after'

const count = (text: string, part: string): number => text.split(part).length - 1

const readText = (): string => document.body.textContent ?? ''

/** Whether all components say that nobody is signed in, and no private text is left. */
export const isSignedOut = (): boolean => {
  const text = readText()
  return !text.includes(userName) && !text.includes(privateText)
}

export const look = (): Look => {
  const text = readText()
  const names = count(text, userName)
  const notes = count(text, privateText)
  if (names === 0 && notes === 0) return 'after'
  return names === settings.subscribers && notes === settings.observed ? 'before' : 'mixed'
}

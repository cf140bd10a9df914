import { authClient } from '../auth.ts'
import { createStore } from '../createStore.ts'
import { refreshAnswers } from '../requests.ts'
import { readStoredTokens } from './readStoredTokens.ts'

/** How often the tokens of the session were refreshed while this tab was looking. */
export interface Refreshes {
  here: number
  elsewhere: number
}

const none: Refreshes = { here: 0, elsewhere: 0 }

export const refreshes = createStore(none)

const look = () => ({
  token: authClient.getState().token,
  session: readStoredTokens()?.number ?? null,
  answers: refreshAnswers.get(),
})

let last = look()

authClient.subscribe(() => {
  const next = look()
  if (next.token === last.token) return
  const isRenewal = next.token !== null && next.session !== null && next.session === last.session
  const { here, elsewhere } = refreshes.get()
  if (!isRenewal) refreshes.set(none)
  // Only the tab that asked has had an answer.
  else if (next.answers > last.answers) refreshes.set({ here: here + 1, elsewhere })
  else refreshes.set({ here, elsewhere: elsewhere + 1 })
  last = next
})

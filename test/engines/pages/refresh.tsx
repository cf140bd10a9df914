import { QueryClient } from '@tanstack/react-query'
import { AuthProvider, createAuthClient, SignedIn, SignedOut, useLogout, useUser } from 'signoff'
import { tokenRefresh } from 'signoff/refresh'
import { baseUrl, show, type User } from './Notebook.tsx'

// The notebook of somebody whose API hands out tokens for a minute.

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
const authClient = createAuthClient<User>({ baseUrl, queryClient, refresh: tokenRefresh() })

const logIn = (email: string) => authClient.login({ email, password: 'correct horse' })

const askOnce = async (): Promise<string> => {
  try {
    return await (await authClient.fetch(`${baseUrl}/notes`)).text()
  } catch (error) {
    return String(error)
  }
}

const now = Date.now.bind(Date)
let moved = 0
Date.now = () => now() + moved

interface Woken {
  answers: string[]
  /** Until all were there. */
  milliseconds: number
}

let woken: Promise<Woken> | undefined

const lasting = {
  /** Asks for the notes as often at once. */
  ask: (times: number): Promise<string[]> => Promise.all(Array.from({ length: times }, askOnce)),
  /** Asks as soon as a tab wakes all. */
  askLater: (times: number): void => {
    const channel = new BroadcastChannel('wake')
    woken = new Promise((resolve) => {
      channel.addEventListener('message', () => {
        channel.close()
        const at = performance.now()
        // As when somebody looks at the page again.
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
        const asked = lasting.ask(times)
        resolve(asked.then((answers) => ({ answers, milliseconds: performance.now() - at })))
      })
    })
  },
  wake: (): void => new BroadcastChannel('wake').postMessage(null),
  readAnswers: (): Promise<Woken> | undefined => woken,
  logOut: async (): Promise<boolean> => (await authClient.logout()).revoked,
  getToken: (): string | null => authClient.getState().token,
  /** @param milliseconds - By which the clock is set forward. */
  moveClock: (milliseconds: number): void => {
    moved += milliseconds
  },
  /** How many queries of this tab are under way. */
  countFetching: (): number => queryClient.isFetching(),
  /** How many wait for a lock, in all tabs. */
  countWaiting: async (): Promise<number> => (await navigator.locks.query()).pending?.length ?? 0,
}

export type Lasting = typeof lasting

Object.assign(window, { lasting })

show(queryClient, {
  Provider: ({ children }) => <AuthProvider client={authClient}>{children}</AuthProvider>,
  SignedIn,
  SignedOut,
  useUser: () => useUser() as User | null,
  useLogIn: () => logIn,
  useLogOut: () => useLogout().mutate,
  get: (path, signal) => authClient.api.get(path, { signal }).json(),
})

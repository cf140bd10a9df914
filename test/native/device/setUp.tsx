import { act, configure, render, screen, userEvent } from '@testing-library/react-native'
import type { TokenStorage } from 'signoff'
import { type ApiServer, openApiServer } from '../../support/openApiServer.ts'
import { App } from '../app/App'
import { type Credentials, openSession, type Session } from '../app/openSession'
import { setConnected, show } from './openDevice'
import { sent, takenBack } from './sendRequests'

// The limit only says that something hangs.
configure({ asyncUtilTimeout: 60_000 })

export const ada: Credentials = { email: 'ada@example.com', password: 'correct horse' }
export const bob: Credentials = { email: 'bob@example.com', password: 'battery staple' }

/** A phone with the app, in front of a real server. */
export interface Phone {
  server: ApiServer
  /** Starts the app anew, as after its process was killed: only storages are left of the last one. */
  start: (storage: TokenStorage, hasRefresh?: boolean) => Promise<Session>
  logIn: (credentials: Credentials) => Promise<void>
  logOut: () => Promise<void>
  /** The user turns to another app, and comes back. */
  comeBack: () => Promise<void>
  setOnline: (isOnline: boolean) => Promise<void>
}

export const openPhone = async (): Promise<Phone> => {
  const server = await openApiServer()
  const user = userEvent.setup()
  let stop: (() => Promise<void>) | undefined
  sent.length = 0
  takenBack.count = 0

  const press = (name: string) => user.press(screen.getByRole('button', { name }))

  onEnd = async () => {
    await stop?.()
    await act(() => setConnected(true))
    await server.close()
  }

  return {
    server,
    start: async (storage, hasRefresh) => {
      await stop?.()
      const session = openSession(server.baseUrl, storage, hasRefresh)
      session.queryClient.setDefaultOptions({ queries: { retry: false } })
      const { unmount } = await render(<App {...session} />)
      stop = async () => {
        stop = undefined
        await unmount()
        session.queryClient.clear()
      }
      return session
    },
    logIn: async ({ email, password }) => {
      await user.type(await screen.findByLabelText('E-mail'), email)
      await user.type(screen.getByLabelText('Password'), password)
      await press('Log in')
    },
    logOut: () => press('Log out'),
    comeBack: () =>
      act(() => {
        show(false)
        show(true)
      }),
    setOnline: (isOnline) => act(() => setConnected(isOnline)),
  }
}

let onEnd: (() => Promise<void>) | undefined

afterEach(async () => {
  await onEnd?.()
  onEnd = undefined
})

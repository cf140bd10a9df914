import AsyncStorage from '@react-native-async-storage/async-storage'
import { screen, waitFor } from '@testing-library/react-native'
import { asyncStorage } from 'signoff'
import { openSecureStorage } from '../app/openSecureStorage'
import { items, lock } from './keychain'
import { ada, bob, openPhone } from './setUp'

const noteOf = ({ email }: { email: string }) => `private note of ${email}`
const onScreen = () => JSON.stringify(screen.toJSON())

const storages = [
  { name: 'the keychain', open: openSecureStorage, held: async () => [...items.values()] },
  {
    name: 'AsyncStorage',
    open: () => asyncStorage(AsyncStorage),
    held: async () =>
      (await AsyncStorage.multiGet(await AsyncStorage.getAllKeys())).map(([, value]) => value),
  },
]

beforeEach(async () => {
  items.clear()
  lock(false)
  await AsyncStorage.clear()
})

describe.each(storages)('with the token in $name', ({ open, held }) => {
  it('a user logs in, is found at the next start, and leaves nothing to the next user', async () => {
    const { server, start, logIn, logOut } = await openPhone()
    await start(open())
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    await waitFor(async () => expect(await held()).toHaveLength(2))

    await start(open())
    await screen.findByText(noteOf(ada))
    expect(server.received('POST /api/auth/login')).toHaveLength(1)

    await logOut()
    expect(onScreen()).not.toContain('ada')
    await screen.findByLabelText('Password')
    await waitFor(async () => expect(await held()).toEqual([]))
    await waitFor(() => expect(server.sessions.size).toBe(0))

    const seen = server.requests.length
    await logIn(bob)
    await screen.findByText(noteOf(bob))
    expect(onScreen()).not.toContain('ada')
    const tokens = server.requests.slice(seen).map(({ token = '' }) => token)
    expect(tokens.join()).not.toContain('ada')
  })

  it('nobody is shown while it is being read, and no login form', async () => {
    const { start, logIn } = await openPhone()
    await start(open())
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    await waitFor(async () => expect(await held()).toHaveLength(2))
    const { authClient } = await start(open())
    const pages: string[] = []
    authClient.subscribe(() => pages.push(authClient.getState().status))
    await screen.findByText(noteOf(ada))
    expect(pages).not.toContain('signed-out')
  })
})

describe('a keychain that is locked at cold start', () => {
  it('is left alone, and its session is found when the app comes to the front', async () => {
    const { server, start, logIn, comeBack } = await openPhone()
    await start(openSecureStorage())
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    await waitFor(() => expect(items.size).toBe(2))
    const before = [...items]
    lock(true)
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {})
    await start(openSecureStorage())
    await screen.findByLabelText('Password')
    expect([...items]).toEqual(before)
    expect(warn).toHaveBeenCalledTimes(1)
    expect(JSON.stringify(warn.mock.calls)).not.toContain('ada')
    warn.mockRestore()

    lock(false)
    await comeBack()

    await screen.findByText(noteOf(ada))
    expect([...items]).toEqual(before)
    expect(server.received('POST /api/auth/logout')).toEqual([])
  })

  it('keeps nothing of a user who has logged out meanwhile', async () => {
    const { server, start, logIn, logOut, comeBack } = await openPhone()
    await start(openSecureStorage())
    await logIn(ada)
    await screen.findByText(noteOf(ada))
    await waitFor(() => expect(items.size).toBe(2))
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {})
    lock(true)
    await logOut()
    await screen.findByLabelText('Password')
    await waitFor(() => expect(server.sessions.size).toBe(0))
    expect(items.size).toBe(2)
    lock(false)
    await comeBack()
    await waitFor(() => expect(items.size).toBe(0))
    expect(JSON.stringify(warn.mock.calls)).not.toContain('ada')
    warn.mockRestore()
  })
})

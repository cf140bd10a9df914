import { onlineManager, QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query'
import { StrictMode, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  AuthProvider,
  createAuthClient,
  SignedIn,
  SignedOut,
  useAuth,
  useAuthClient,
  useLogin,
  useLogout,
  useUser,
} from 'signoff'
import { collectGarbage, watchObjects, watchResources } from '../support/resources.ts'

/** How often somebody logs in and out: 10,000 times in `npm run soak`. */
const cycles = Number(process.env['CYCLES'] ?? 200)

vi.setConfig({ testTimeout: 300_000 + 60 * cycles })

// Outside `act`, as in a browser: React itself decides what it commits, and nothing is kept for the test's sake.
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false))
afterEach(() => vi.unstubAllGlobals())

const mounted = new Set<() => void>()
afterEach(() => mounted.forEach((unmount) => unmount()))

interface User {
  email: string
}

/** An API in memory, with as many users as there are logins. It keeps nothing of a session that has ended. */
const makeApi = () => {
  const notes = new Map<string, string[]>()
  let issued = 0

  const api = {
    /** The private notes, by the tokens that are alive. */
    notes,
    /** Instead of an answer to a logout. */
    onLogout: undefined as (() => Promise<never>) | undefined,
    fetch: async (request: Request): Promise<Response> => {
      const path = request.url.replace('http://api.test/', '')
      if (path === 'auth/login') {
        const { email } = (await request.json()) as User
        const token = `token-${(issued += 1)}-of-${email}`
        notes.set(token, [`first note of ${email}`])
        return Response.json({ user: { email }, token })
      }
      if (path === 'auth/logout' && api.onLogout) return api.onLogout()
      const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? ''
      const own = notes.get(token)
      if (!own) return Response.json({ message: 'Unauthorized' }, { status: 401 })
      if (path === 'auth/user') return Response.json({ email: token.replace(/.*-of-/, '') })
      if (path === 'auth/logout') {
        notes.delete(token)
        return Response.json({})
      }
      if (request.method === 'POST') own.push(((await request.json()) as { text: string }).text)
      return Response.json(own)
    },
  }
  return api
}

/** Long: whoever keeps so much as a string of the user's shows in the heap. */
const emailOf = (index: number): string => `user-${index}@${'x'.repeat(15_000)}.example.com`

type Name = 'badge' | 'login' | 'user' | 'notes' | 'add' | 'logout'

/** A whole app: a public and a private query that are always mounted, a mutation, login and logout. */
const makeApp = ({ api = makeApi(), timeout = 10_000 } = {}) => {
  // What sessions are made of, watched and not held.
  const remains = watchObjects<object>()
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const client = createAuthClient<User, User, User>({
    baseUrl: 'http://api.test',
    queryClient,
    timeout,
    fetch: api.fetch,
    parseSession: (body) => {
      const session = body as { user?: User; token: string }
      if (session.user) remains.add(session.user)
      return session
    },
  })
  const watch = <T extends object>(remain: T): T => {
    remains.add(remain)
    return remain
  }
  const container = document.body.appendChild(document.createElement('div'))
  onTestFinished(() => container.remove())
  // happy-dom remembers for ever what it was asked to find: nothing is looked up in the document.
  const elements = new Map<Name, HTMLElement>()
  const at = (name: Name) => (element: HTMLElement | null) => {
    if (element) elements.set(name, element)
    else elements.delete(name)
  }
  const badgeElement = at('badge')
  const loginElement = at('login')
  const userElement = at('user')
  const notesElement = at('notes')
  const addElement = at('add')
  const logoutElement = at('logout')
  let logins = 0
  let look = (): void => {}

  /** Resolves when the condition is met: it is asked after every commit and every logout. */
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (condition()) resolve()
      }
      look()
    })

  const useNotes = () =>
    useQuery({
      queryKey: ['notes'],
      queryFn: async ({ signal }) => watch(await client.api.get('notes', { signal }).json<string[]>()),
    })

  const News = () => {
    const news = useQuery({ queryKey: ['news'], queryFn: async () => 'public news', meta: { public: true } })
    return <p>{news.data}</p>
  }
  const Badge = () => {
    const { data = [] } = useNotes()
    const status = useAuth((state) => state.status)
    useLayoutEffect(() => look())
    return <b ref={badgeElement}>{`${status}, ${data.length} notes`}</b>
  }
  const LoginButton = () => {
    const login = useLogin()
    const logIn = () => login.mutate({ email: emailOf((logins += 1)) })
    return (
      <button ref={loginElement} onClick={logIn}>
        Log in
      </button>
    )
  }
  const Account = () => {
    const user = useUser()
    const notes = useNotes()
    const { api } = useAuthClient()
    const add = useMutation({
      mutationFn: (text: string) => api.post('notes', { json: { text } }).json<string[]>(),
      onSuccess: (data) => queryClient.setQueryData(['notes'], watch(data)),
    })
    const logout = useLogout()
    useLayoutEffect(() => look())
    return (
      <>
        <h1 ref={userElement}>{String(user?.['email'])}</h1>
        <ul ref={notesElement}>
          {notes.data?.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
        <button ref={addElement} onClick={() => add.mutate('second note')}>
          Add
        </button>
        <button ref={logoutElement} onClick={() => logout.mutate()}>
          Log out
        </button>
      </>
    )
  }

  const text = (name: Name): string => elements.get(name)?.textContent ?? ''
  const click = (name: Name): void => elements.get(name)?.click()
  const isGone = (): boolean => text('badge') === 'signed-out, 0 notes' && text('user') === ''

  return {
    api,
    client,
    queryClient,
    remains,
    until,
    text,
    click,
    isGone,
    /** Puts the app on the screen. Returns what takes it off again. */
    mount: (): (() => void) => {
      const root = createRoot(container)
      root.render(
        <StrictMode>
          <QueryClientProvider client={queryClient}>
            <AuthProvider client={client}>
              <News />
              <Badge />
              <LoginButton />
              <SignedIn>
                <Account />
              </SignedIn>
              <SignedOut>Nobody is here</SignedOut>
            </AuthProvider>
          </QueryClientProvider>
        </StrictMode>,
      )
      const unmount = (): void => {
        mounted.delete(unmount)
        root.unmount()
      }
      mounted.add(unmount)
      return unmount
    },
    isMounted: () => until(() => text('badge') !== ''),
    login: async () => {
      click('login')
      const email = emailOf(logins)
      await until(() => text('user') === email && text('notes').includes(email))
    },
    addNote: async () => {
      click('add')
      await until(() => text('badge') === 'signed-in, 2 notes' && text('notes').endsWith('second note'))
    },
    /** Does not wait for the server. */
    leave: async () => {
      click('logout')
      await until(isGone)
    },
    /** Every logout has been answered, and its result is gone. */
    hasSettled: () =>
      vi.waitFor(() => expect(queryClient.getMutationCache().getAll().length).toBe(0), {
        interval: 0,
      }),
  }
}

interface Soak {
  apps: ReturnType<typeof makeApp>[]
  count?: number
  cycle: () => Promise<unknown>
  /** Waits for what the cycles have left on its way. */
  settle?: () => Promise<unknown>
}

/** Repeats the cycle, and finds what was there before: not an object, a listener or a timer more for each. */
const soak = async ({ apps, count = Math.max(Math.min(50, cycles), cycles / 20), cycle, settle }: Soak) => {
  const { measure } = watchResources(apps.map(({ queryClient }) => queryClient))
  const repeat = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index += 1) await cycle()
    await settle?.()
  }
  // What is compiled, cached and pooled once is so by then.
  await repeat(25 + count / 8)
  const before = await measure()
  await repeat(count)

  const check = async () => {
    const after = await measure()
    const { things } = after
    const timers = after.timers - before.timers
    const objects = after.objects - before.objects
    const bytes = after.bytes - before.bytes
    process.stdout.write(`${count} cycles: ${JSON.stringify({ timers, objects, bytes, ...things })}\n`)
    expect(things).toEqual(before.things)
    expect(timers).toBeLessThan(0.25 * count)
    expect(objects).toBeLessThan(0.25 * count)
    // What the engine itself takes: less than a string of each user's, and in a long run than 60 bytes for each.
    expect(bytes).toBeLessThan(600_000)
    return things
  }
  // What was still on its way has arrived at the second look; what is kept is kept.
  return check().catch(check)
}

/** The app has left the screen, its clients are still there: nothing of any user is. */
const expectNothingOfAnyUser = async ({ remains, client, hasSettled }: ReturnType<typeof makeApp>) => {
  expect(client.getState()).toMatchObject({ user: null, token: null })
  await hasSettled()
  await collectGarbage()
  expect(remains.alive()).toEqual([])
}

it(`leaves nothing in memory of ${cycles} users who log in, read, write and log out`, async () => {
  const app = makeApp()
  const unmount = app.mount()
  await app.isMounted()
  await soak({
    apps: [app],
    count: cycles,
    cycle: async () => {
      await app.login()
      await app.addNote()
      await app.leave()
      await app.hasSettled()
    },
  })
  unmount()
  await expectNothingOfAnyUser(app)
})

describe('leaves nothing in memory of users', () => {
  it('whose logout the server never answers', async () => {
    const app = makeApp({ timeout: 500 })
    const unmount = app.mount()
    await app.isMounted()
    app.api.onLogout = () => new Promise(() => {})
    await soak({
      apps: [app],
      cycle: async () => {
        await app.login()
        await app.leave()
        // The server keeps the sessions of those whom it does not answer; this is not its test.
        app.api.notes.clear()
      },
      settle: app.hasSettled,
    })
    unmount()
    await expectNothingOfAnyUser(app)
  })

  it('who log out offline', async () => {
    const app = makeApp()
    const unmount = app.mount()
    await app.isMounted()
    app.api.onLogout = async () => {
      throw new TypeError('Failed to fetch')
    }
    await soak({
      apps: [app],
      cycle: async () => {
        await app.login()
        onlineManager.setOnline(false)
        await app.leave()
        await app.hasSettled()
        const { onLogout } = app.api
        app.api.onLogout = undefined
        onlineManager.setOnline(true)
        await vi.waitFor(() => expect(app.api.notes.size).toBe(0), { interval: 0 })
        app.api.onLogout = onLogout
      },
    })
    unmount()
    await expectNothingOfAnyUser(app)
  })

  it('whom another login replaces', async () => {
    const app = makeApp()
    const unmount = app.mount()
    await app.isMounted()
    await soak({
      apps: [app],
      cycle: async () => {
        await app.login()
        await vi.waitFor(() => expect(app.api.notes.size).toBe(1), { interval: 0 })
      },
    })
    await app.leave()
    await app.hasSettled()
    unmount()
    await expectNothingOfAnyUser(app)
  })

  it('whose token the API rejects', async () => {
    const app = makeApp()
    const unmount = app.mount()
    await app.isMounted()
    await soak({
      apps: [app],
      cycle: async () => {
        await app.login()
        app.api.notes.clear()
        app.click('add')
        await app.until(app.isGone)
      },
    })
    unmount()
    await expectNothingOfAnyUser(app)
  })

  it('who log in in one tab and log out in another', async () => {
    const api = makeApi()
    const here = makeApp({ api })
    const there = makeApp({ api })
    const unmounts = [here.mount(), there.mount()]
    await Promise.all([here.isMounted(), there.isMounted()])
    await soak({
      apps: [here, there],
      cycle: async () => {
        await here.login()
        // A browser sends it to the other tabs; here both are in one.
        window.dispatchEvent(new StorageEvent('storage'))
        await there.until(() => there.text('badge') === 'signed-in, 1 notes')
        there.click('logout')
        await Promise.all([here.until(here.isGone), there.until(there.isGone)])
        await vi.waitFor(() => expect(api.notes.size).toBe(0), { interval: 0 })
      },
    })
    for (const unmount of unmounts) unmount()
    await expectNothingOfAnyUser(here)
    await expectNothingOfAnyUser(there)
  })

  it('whose app comes and goes', async () => {
    const app = makeApp()
    // React's own listener of the document comes with the first root, and stays.
    const unmount = app.mount()
    await app.isMounted()
    unmount()
    const things = await soak({
      apps: [app],
      cycle: async () => {
        const unmount = app.mount()
        await app.isMounted()
        await app.login()
        await app.addNote()
        await app.leave()
        await app.hasSettled()
        unmount()
      },
    })
    expect(things).toMatchObject({
      windowListeners: 0,
      documentListeners: 0,
      channels: 0,
      queryObservers: 0,
      cacheListeners: 0,
    })
    await expectNothingOfAnyUser(app)
  })
})

import { onlineManager } from '@tanstack/react-query'
import fc from 'fast-check'
import type { Fate, StorageMethod } from './Browser.ts'
import type { Place } from './App.tsx'
import { api, type Fault } from './Server.ts'
import {
  canHide,
  hasAnything,
  hasCopies,
  hasOther,
  hasPages,
  hasRefresh,
  type Setting,
  type SettingParts,
  settings,
} from './Setting.ts'
import type { Tab } from './Tab.tsx'
import { stranger, type World } from './World.ts'

type Command = fc.AsyncCommand<Setting, World>

const command = (
  label: string,
  run: (world: World) => unknown,
  check: (setting: Setting) => boolean = () => true,
): Command => ({
  check,
  run: (_model, world) => world.step(() => run(world)),
  toString: () => label,
})

/** Something that a user does in a tab, or code of the app: not in one that is frozen. */
const inTab = (
  label: string,
  index: number,
  act: (world: World, tab: Tab) => void,
  check?: (setting: Setting) => boolean,
): Command =>
  command(
    `${label} in tab ${index}`,
    (world) => {
      const tab = world.tab(index)
      if (tab.isRunning) tab.page.enter(() => act(world, tab))
      world.browser.act = 0
    },
    check,
  )

const index = fc.nat(2)
const name = fc.constantFrom('ada', 'bob')
const via = fc.constantFrom('client', 'hook')

const login = fc
  .tuple(index, name, via, fc.constantFrom('login' as const, 'register' as const))
  .map(([tab, user, how, method]) =>
    inTab(`${user}: ${method} through the ${how}`, tab, (world, at) => {
      const credentials = { name: user, password: `password ${user}`, act: world.act('login', at) }
      if (how === 'hook') at.hooks[method](credentials)
      else world.follow(method, at.client[method](credentials))
    }),
  )

const logout = fc.tuple(index, via).map(([tab, how]) =>
  inTab(`logout through the ${how}`, tab, (world, at) => {
    world.act('logout', at)
    if (how === 'hook') at.hooks.logout()
    else void world.logout(at)
  }),
)

const logoutPage = fc.constant(command('a page that only logs out', (world) => world.visitLogoutPage()))

/** An answer has arrived, and some microtasks later, before anybody can have seen it, the user logs out. */
const hurriedLogout = fc.tuple(index, fc.nat(40)).map(([tab, microtasks]) =>
  command(`an arrival and logout ${microtasks} microtasks later in tab ${tab}`, async (world) => {
    const at = world.tab(tab)
    world.hurry()
    for (let count = 0; count < microtasks; count += 1) await Promise.resolve()
    if (!at.isRunning) return
    at.page.enter(() => {
      world.act('logout', at)
      void world.logout(at)
    })
    world.browser.act = 0
  }),
)

const query = fc.tuple(index, fc.boolean()).map(([tab, isDeaf]) =>
  inTab(isDeaf ? 'a query that ignores its signal' : 'a query', tab, (world, at) => {
    const { client, queryClient } = at
    world.follow(
      'query',
      queryClient.fetchQuery({
        queryKey: ['fetched', isDeaf],
        queryFn: ({ signal }) => client.api('notes', isDeaf ? {} : { signal }).json(),
      }),
    )
  }),
)

const mutate = fc
  .tuple(index, fc.constantFrom('draft', 'long draft'))
  .map(([tab, draft]) =>
    inTab(`a ${draft} is added`, tab, (_world, at) => at.hooks.addNote(`${draft} of-${at.session ?? ''}`)),
  )

const store = index.map((tab) =>
  inTab('a draft is stored', tab, (world, at) => {
    if (at.session === null || world.stored !== at.session || world.browser.failing.size > 0) return
    localStorage.setItem('draft', `draft of-${at.session}`)
    sessionStorage.setItem('draft', `draft of-${at.session}`)
  }),
)

const lateWrite = index.map((tab) =>
  inTab('a late write into the cache', tab, (_world, at) => {
    if (at.session === null) at.queryClient.setQueryData(['written'], 'note of-999')
  }),
)

const emptyCache = fc
  .tuple(index, fc.constantFrom('clear', 'removeQueries', 'invalidateQueries', 'resetQueries'))
  .map(([tab, method]) =>
    inTab(`queryClient.${method}()`, tab, (_world, at) => {
      at.otherHeld = null
      Reflect.apply(Reflect.get(at.queryClient, method), at.queryClient, [])
    }),
  )

const open = fc.constant(
  command('a tab is opened', (world) => {
    if (world.openTabs.length < 3) world.open()
  }),
)

const close = index.map((tab) =>
  command(`tab ${tab} is closed`, (world) => {
    if (world.openTabs.length < 2) return
    world.disturb()
    world.hasClosed = true
    world.tab(tab).close()
  }),
)

const freeze = index.map((tab) =>
  command(`tab ${tab} is frozen`, (world) => {
    world.tab(tab).page.isFrozen = true
  }),
)

const restore = index.map((tab) =>
  command(`tab ${tab} is restored`, async (world) => {
    const { page } = world.tab(tab)
    if (page.isFrozen) await world.restore(page)
  }),
)

const focus = index.map((tab) => inTab('focus', tab, (_world, at) => at.page.focus()))

const offline = fc.constant(command('offline', () => onlineManager.setOnline(false)))
const online = fc.constant(command('online', () => onlineManager.setOnline(true)))

const fault = fc
  .constantFrom<Fault[]>(401, 403, 429, 500, 503, 'garbage', 'never', 'broken')
  .map((kind) => command(`the next request meets ${kind}`, (world) => world.server.faults.push(kind)))

const fate = fc.constantFrom<Fate[]>('lost', 'twice').map((kind) =>
  command(`the next message is ${kind}`, (world) => {
    world.browser.fates.push(kind)
    world.hasLost ||= kind === 'lost'
  }),
)

const breakStorage = fc.constantFrom<StorageMethod[]>('getItem', 'setItem', 'removeItem').map((method) =>
  command(`${method} throws from now on`, (world) => {
    world.hasStorageFailed = true
    world.browser.failing.add(method)
  }),
)

const mendStorage = fc.constant(command('the storage works again', (world) => world.browser.failing.clear()))

const foreignClear = fc.constant(
  command('other code clears the storage', (world) => {
    world.disturb()
    world.hasForeignClear = true
    localStorage.clear()
  }),
)

const wait = fc
  .constantFrom(1, 100, 1000, 5000, 31_000)
  .map((milliseconds) => command(`${milliseconds} ms pass`, (world) => world.pass(milliseconds)))

const setClock = fc.constantFrom(-3_600_000, 3_600_000).map((milliseconds) =>
  command(`the clock is set by ${milliseconds} ms`, (world) => {
    // What is on its way then tells of a wrong time.
    if (world.openTabs.some(({ page }) => page.isWaiting)) world.disturb()
    world.browser.clock.set += milliseconds
  }),
)

const sleep = fc.constant(
  command('the computer sleeps for an hour', (world) => {
    if (world.openTabs.some(({ page }) => page.isWaiting)) world.disturb()
    world.browser.clock.slept += 3_600_000
  }),
)

/** With `logout`, the user leaves in the same moment, so that what comes into view may still be theirs. */
const hide = fc
  .tuple(index, fc.constantFrom<(Place | null)[]>('around', 'within', null, null), fc.boolean())
  .map(([tab, place, withLogout]) =>
    inTab(
      `${place === null ? 'nothing' : `the page ${place}`} is hidden${withLogout ? ', and logout' : ''}`,
      tab,
      (world, at) => {
        at.hooks.hide(place)
        if (!withLogout) return
        world.act('logout', at)
        void world.logout(at)
      },
      (setting) => setting.hasPages && canHide,
    ),
  )

const save = index.map((tab) =>
  inTab(
    'a page saves',
    tab,
    (_world, at) => {
      if (at.session !== null) for (const { save: mutate } of at.pageHooks) mutate(`of-${at.session}`)
    },
    (setting) => setting.hasPages,
  ),
)

const turn = index.map((tab) =>
  inTab(
    'the next page of the notes',
    tab,
    (_world, at) => at.pageHooks.forEach((page) => page.turn()),
    (setting) => setting.hasPages,
  ),
)

/** A copy that somebody else has left, with a note, a user, and a note that has still to be sent. */
const makeForeignCopy = (says: boolean): string => {
  const now = Date.now()
  const query = (queryKey: unknown[], data: unknown) => ({
    queryKey,
    queryHash: JSON.stringify(queryKey),
    state: {
      data,
      dataUpdateCount: 1,
      dataUpdatedAt: now,
      error: null,
      errorUpdateCount: 0,
      errorUpdatedAt: 0,
      fetchFailureCount: 0,
      fetchFailureReason: null,
      fetchMeta: null,
      isInvalidated: false,
      status: 'success',
      fetchStatus: 'idle',
    },
  })
  const user = { id: stranger, name: 'eve', trace: `user of-${stranger}` }
  const mutation = {
    mutationKey: ['addNote'],
    state: {
      context: undefined,
      data: undefined,
      error: null,
      failureCount: 0,
      failureReason: null,
      isPaused: true,
      status: 'pending',
      variables: `draft of-${stranger}`,
      submittedAt: now,
    },
  }
  return JSON.stringify({
    timestamp: now,
    buster: '',
    clientState: {
      queries: [query(['notes', 1], [`note of-${stranger}`]), query(['signoff', `${api}/`, 'user'], user)],
      mutations: [mutation],
    },
    ...(says && { sessions: { [`${api}/`]: 'stranger' } }),
  })
}

const foreignCopy = fc.boolean().map((says) =>
  command(
    `the disk holds a stranger's copy${says ? '' : ', which does not say whose it is'}`,
    ({ browser }) => void browser.disk.held.set('REACT_QUERY_OFFLINE_CACHE', makeForeignCopy(says)),
    ({ copies }) => copies !== 'none',
  ),
)

const atOther = (label: string, act: (world: World, tab: Tab, other: NonNullable<Tab['other']>) => void) =>
  index.map((tab) =>
    inTab(
      `${label} at the other API`,
      tab,
      (world, at) => at.other && act(world, at, at.other),
      (setting) => setting.other !== 'none',
    ),
  )

const loginAtOther = atOther('login', (world, _tab, other) =>
  world.follow('login', other.login({ name: 'ada', password: 'password ada', act: 0 })),
)

const logoutAtOther = atOther('logout', (_world, _tab, other) => void other.logout())

const queryAtOther = atOther('a query', (world, { queryClient }, { api: fetchOther }) =>
  world.follow(
    'query',
    queryClient.fetchQuery({
      queryKey: ['other'],
      gcTime: Infinity,
      queryFn: ({ signal }) => fetchOther('notes', { signal }).json(),
    }),
  ),
)

const acts = [login, login, login, logout, logout, hurriedLogout, query, mutate, store, open, wait]
const habits = [query, mutate, lateWrite, emptyCache, focus, wait, setClock]
const tabs = [open, open, logoutPage, close, freeze, restore, restore, focus, fate]
const network = [fault, fault, offline, online, online]
const storage = [breakStorage, mendStorage, foreignClear]
const pages = [hide, hide, save, turn, mutate, focus]
const copies = [foreignCopy, open, close, offline, online]
const others = [loginAtOther, loginAtOther, logoutAtOther, queryAtOther, queryAtOther]
const times = [wait, wait, sleep, query]
const everything = [...habits, ...tabs, ...network, ...storage, ...pages, ...copies, ...others, ...times]

type Weather = [SettingParts, fc.Arbitrary<Command>[]]

const weathers: Weather[] = [
  [{}, []],
  [{}, habits],
  [{}, tabs],
  [{}, network],
  [{}, storage],
  [hasPages, pages],
  [hasCopies, copies],
  [hasOther, others],
  [hasAnything, everything],
]

/**
 * What users, apps, servers, networks and browsers do: at most so many commands, of one kind of weather, and in which app.
 *
 * @param isShortLived - Whether its tokens are.
 */
export const rounds = (maxCommands: number, isShortLived: boolean) =>
  fc.oneof(
    ...weathers.map(([parts, kinds]) =>
      fc.tuple(
        settings(isShortLived ? { ...parts, ...hasRefresh } : parts),
        fc.commands([...acts, ...(isShortLived ? times : []), ...kinds], {
          maxCommands,
          size: 'max',
        }),
      ),
    ),
  )

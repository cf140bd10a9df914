import { onlineManager } from '@tanstack/react-query'
import fc from 'fast-check'
import type { Fate, StorageMethod } from './Browser.ts'
import type { Fault } from './Server.ts'
import type { Tab } from './Tab.tsx'
import type { World } from './World.ts'

type Command = fc.AsyncCommand<object, World>

const command = (label: string, run: (world: World) => unknown): Command => ({
  check: () => true,
  run: (_model, world) => world.step(() => run(world)),
  toString: () => label,
})

/** Something that a user does in a tab, or code of the app: not in one that is frozen. */
const inTab = (label: string, index: number, act: (world: World, tab: Tab) => void): Command =>
  command(`${label} in tab ${index}`, (world) => {
    const tab = world.tab(index)
    if (tab.isRunning) tab.page.enter(() => act(world, tab))
    world.browser.act = 0
  })

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

const mutate = index.map((tab) =>
  inTab('a note is added', tab, (_world, at) => at.hooks.addNote(`draft of-${at.session ?? ''}`)),
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

const focus = index.map((tab) =>
  inTab('focus', tab, (_world, at) => {
    at.page.dispatch('focus')
    at.queryClient.getQueryCache().onFocus()
  }),
)

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

const acts = [login, login, login, logout, logout, hurriedLogout, query, mutate, store, open, wait]
const habits = [query, mutate, lateWrite, emptyCache, focus, wait, setClock]
const tabs = [open, open, logoutPage, close, freeze, restore, restore, focus, fate]
const network = [fault, fault, offline, online, online]
const storage = [breakStorage, mendStorage, foreignClear]

/** What users, apps, servers, networks and browsers do: at most so many commands, of one kind of weather. */
export const commands = (maxCommands: number) =>
  fc.oneof(
    ...[
      acts,
      [...acts, ...habits],
      [...acts, ...tabs],
      [...acts, ...network],
      [...acts, ...storage],
      [...acts, ...habits, ...tabs, ...network, ...storage],
    ].map((weather) => fc.commands(weather, { maxCommands, size: 'max' })),
  )

import { readFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { join } from 'node:path'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import {
  type AnyRouteMatch,
  type AnyRouter,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
  RouterProvider,
} from '@tanstack/react-router'
import { afterEach, describe, expect, it } from 'vitest'
import { answers, deferred } from '../support/apiServer.ts'
import { openPage, recordPage } from '../support/page.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const keptBy = (router: AnyRouter) => {
  const cached: Map<string, AnyRouteMatch> = Reflect.get(router, '_cache')
  return inspect(
    [router.state.matches, [...cached.values()]]
      .flat()
      .map(({ loaderData, context }) => [loaderData, context]),
    { depth: 5 },
  )
}

const open = async (path: string, token?: string) => {
  const page = await openPage(path)
  const stored = token ?? page.server.issue(ada.email).token
  if (stored) localStorage.setItem('token', stored)
  const pages = recordPage()
  const recipe = await import('./tanstackRouter.tsx')
  render(<recipe.App />)
  /** All that the router holds of what routes have loaded: those on screen, and those that were left. */
  const kept = () => keptBy(recipe.router)
  return { ...recipe, ...page, pages, kept }
}

afterEach(cleanup)

describe('the recipe for TanStack Router', () => {
  it('is the code that the documentation shows', async () => {
    const read = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')
    expect(await read('../../docs/recipes/tanstack-router.md')).toContain(
      `\`\`\`tsx\n${await read('tanstackRouter.tsx')}\`\`\``,
    )
  })

  it('sends a visitor to the login, and shows nothing else on the way', async () => {
    const { router, pages, server } = await open('/notes', '')
    await screen.findByText('Log in')
    expect(router.state.location.pathname).toBe('/login')
    expect(pages.filter((text) => /Log out|private/.test(text))).toEqual([])
    expect(server.requests).toEqual([])
  })

  it('shows no login form to who comes back with a stored token', async () => {
    const { router, pages } = await open('/notes')
    await screen.findByText(`private note of ${ada.email}`)
    expect(router.state.location.pathname).toBe('/notes')
    expect(pages.length).toBeGreaterThan(0)
    expect(pages.filter((text) => text.includes('Log in'))).toEqual([])
  })

  it('sends who comes back with a dead token to the login', async () => {
    const { router, authClient, pages } = await open('/notes', 'dead')
    await screen.findByText('Log in')
    expect(router.state.location.pathname).toBe('/login')
    expect(authClient.getState()).toMatchObject({ status: 'signed-out', reason: 'rejected' })
    expect(pages.filter((text) => text.includes('Log out'))).toEqual([])
  })

  it('takes who logs in to the app', async () => {
    const { router } = await open('/notes', '')
    fireEvent.click(await screen.findByText('Log in'))
    await screen.findByText('Home')
    expect(router.state.location.pathname).toBe('/')
    await screen.findByText(ada.email, { exact: false })
  })

  it('takes who is signed in from the login to the app', async () => {
    const { router, pages } = await open('/login')
    await screen.findByText('Home')
    expect(router.state.location.pathname).toBe('/')
    expect(pages.filter((text) => text.includes('Log in'))).toEqual([])
  })

  it('sends who logs out to the login, and leaves nothing in page or router', async () => {
    const { router, kept, authClient } = await open('/notes')
    await screen.findByText(`private note of ${ada.email}`)
    const later = recordPage()

    fireEvent.click(screen.getByText('Log out'))
    expect(authClient.getState().status).toBe('signed-out')
    await screen.findByText('Log in')

    expect(router.state.location.pathname).toBe('/login')
    expect(later.filter((text) => text.includes(ada.email))).toEqual([])
    expect(kept()).not.toContain(ada.email)
  })

  it('sends who is signed out by the API to the login', async () => {
    const { router, authClient, server } = await open('/notes')
    await screen.findByText(`private note of ${ada.email}`)
    server.sessions.clear()
    await expect(authClient.api.get('notes').json()).rejects.toThrow('Session ended: rejected')
    await screen.findByText('Log in')
    expect(router.state.location.pathname).toBe('/login')
  })

  it('keeps nothing of the user in the router while signed in', async () => {
    const { kept } = await open('/notes')
    await screen.findByText(`private note of ${ada.email}`)
    expect(kept()).not.toContain(ada.email)
  })

  it('shows the one who takes over nothing of the one before', async () => {
    const { authClient, server, kept } = await open('/notes')
    await screen.findByText(`private note of ${ada.email}`)
    const later = recordPage()
    authClient.setSession(server.issue(bob.email))
    await screen.findByText(`private note of ${bob.email}`)
    expect(later.filter((text) => text.includes(ada.email))).toEqual([])
    expect(kept()).not.toContain(ada.email)
  })

  it('goes to the login from a navigation that was still loading', async () => {
    const { router, authClient, server, kept } = await open('/login', '')
    await screen.findByText('Log in')
    const asked = deferred()
    server.answer('GET /api/auth/user', () => asked.resolve())
    server.answer('GET /api/notes', answers.never)
    localStorage.setItem('token', server.issue(ada.email).token)
    window.dispatchEvent(new Event('focus'))
    await asked.promise
    expect(router.latestLocation.pathname).toBe('/')
    await authClient.logout()
    await waitFor(() => expect(router.state.status).toBe('idle'))
    expect(router.state.location.pathname).toBe('/login')
    expect(kept()).not.toContain(ada.email)
  })
})

describe('a router whose loaders return what is of the user', () => {
  const start = async (onSessionChange: (router: AnyRouter) => void) => {
    const { server } = await openPage('/')
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl })
    await client.login(ada)
    const rootRoute = createRootRoute({ component: Outlet })
    const homeRoute = createRoute({
      getParentRoute: () => rootRoute,
      path: '/',
      beforeLoad: () => {
        if (!client.getState().token) throw redirect({ to: '/login' })
      },
      loader: () => queryClient.ensureQueryData(client.userOptions),
      component: () => 'home',
    })
    const loginRoute = createRoute({
      getParentRoute: () => rootRoute,
      path: '/login',
      component: () => 'login',
    })
    const router = createRouter({
      routeTree: rootRoute.addChildren([homeRoute, loginRoute]),
      history: createMemoryHistory({ initialEntries: ['/'] }),
    })
    client.subscribe(() => onSessionChange(router))
    render(<RouterProvider router={router as never} />)
    await screen.findByText('home')
    expect(keptBy(router)).toContain(ada.email)
    await client.logout()
    await screen.findByText('login')
    await waitFor(() => expect(router.state.status).toBe('idle'))
    return keptBy(router)
  }

  it('goes on to hold it after a logout and a redirect', async () => {
    expect(await start((router) => void router.invalidate())).toContain(ada.email)
  })

  it('goes on to hold it where its cache is cleared too early', async () => {
    const kept = await start((router) => {
      router.clearCache()
      void router.invalidate()
    })
    expect(kept).toContain(ada.email)
  })

  it('forgets it where its cache is cleared once the routes have run again', async () => {
    const kept = await start((router) => void router.invalidate().then(() => router.clearCache()))
    expect(kept).not.toContain(ada.email)
  })
})

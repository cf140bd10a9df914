import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { afterEach, describe, expect, it } from 'vitest'
import { answers, deferred } from '../support/apiServer.ts'
import { openPage, recordPage } from '../support/page.ts'
import { ada, bob, makeClient } from '../support/renderApp.tsx'

const open = async (path: string, token?: string) => {
  const page = await openPage(path)
  const stored = token ?? page.server.issue(ada.email).token
  if (stored) localStorage.setItem('token', stored)
  const pages = recordPage()
  const recipe = await import('./reactRouter.tsx')
  render(<recipe.App />)
  /** All that the router holds of what loaders have returned. */
  const kept = () => {
    const { loaderData, actionData, errors, fetchers } = recipe.router.state
    return JSON.stringify([loaderData, actionData, errors, [...fetchers]])
  }
  return { ...recipe, ...page, pages, kept }
}

afterEach(cleanup)

describe('the recipe for React Router', () => {
  it('is the code that the documentation shows', async () => {
    const read = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')
    expect(await read('../../docs/recipes/react-router.md')).toContain(
      `\`\`\`tsx\n${await read('reactRouter.tsx')}\`\`\``,
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
    expect(router.state.navigation.location?.pathname ?? router.state.location.pathname).toBe('/')
    await authClient.logout()
    await waitFor(() => expect(router.state.navigation.state).toBe('idle'))
    expect(router.state.location.pathname).toBe('/login')
    expect(kept()).not.toContain(ada.email)
  })
})

describe('a router whose loaders return what is of the user', () => {
  const start = async (follow: boolean) => {
    const { server } = await openPage('/')
    const { client, queryClient } = makeClient({ baseUrl: server.baseUrl })
    await client.login(ada)
    const router = createMemoryRouter(
      [
        {
          id: 'root',
          loader: () => (client.getState().token ? queryClient.ensureQueryData(client.userOptions) : null),
          HydrateFallback: () => null,
          children: [
            { path: '/', element: 'home' },
            { path: '/login', element: 'login' },
          ],
        },
      ],
      { initialEntries: ['/'] },
    )
    if (follow) client.subscribe(() => void router.revalidate())
    render(<RouterProvider router={router} />)
    await screen.findByText('home')
    expect(router.state.loaderData['root']).toEqual(client.getState().user)
    await client.logout()
    await act(() => router.navigate('/login'))
    await screen.findByText('login')
    return router.state.loaderData['root']
  }

  it('goes on to hold it after a logout and a navigation', async () => {
    expect(await start(false)).toMatchObject({ email: ada.email })
  })

  it('forgets it where the loaders run again', async () => {
    expect(await start(true)).toBeNull()
  })
})

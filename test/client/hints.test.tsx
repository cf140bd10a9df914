import { QueryClient, useQuery } from '@tanstack/react-query'
import { screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { SignedOut, webStorage } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, makeClient, renderApp } from '../support/renderApp.tsx'

const baseUrl = 'https://api.example.com'

const warnings = () => {
  const calls = vi.mocked(console.warn).mock.calls.map((call) => call.join(' '))
  vi.mocked(console.warn).mockClear()
  return calls
}

afterEach(() => void vi.unstubAllEnvs())

describe('a private query on the login page', () => {
  const show = async (meta?: { public: boolean }) => {
    const server = await startApiServer()
    const app = makeClient({ baseUrl: server.baseUrl })
    const fetched = vi.fn()
    const Plans = ({ of }: { of: string }) => {
      const { data } = useQuery({
        queryKey: ['plans', of],
        queryFn: async () => {
          fetched()
          return `plans of ${of}`
        },
        ...(meta && { meta }),
      })
      return <p>{data ?? 'loading'}</p>
    }
    renderApp(
      app,
      <SignedOut>
        <Plans of="spring" />
        <Plans of="autumn" />
      </SignedOut>,
    )
    await waitFor(() => expect(fetched).toHaveBeenCalledTimes(2))
  }

  it('is told of once, with its hash and the way out', async () => {
    await show()
    await screen.findAllByText('loading')
    const [first = '', ...others] = warnings()
    expect(first).toContain('["plans","spring"]')
    expect(first).toContain('meta: { public: true }')
    expect(others).toEqual([])
  })

  it('is not told of in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await show()
    expect(warnings()).toEqual([])
  })

  it('is shown, and not told of, where it is public', async () => {
    await show({ public: true })
    await screen.findByText('plans of spring')
    expect(warnings()).toEqual([])
  })
})

describe('two clients on one QueryClient', () => {
  const mountTwo = (options: Parameters<typeof makeClient>[0] | object = {}) => {
    const queryClient = new QueryClient()
    const clients = [`${baseUrl}/one`, `${baseUrl}/other`].map(
      (url) => makeClient({ baseUrl: url, queryClient, ...options }).client,
    )
    const stops = clients.map((client) => client.mount())
    for (const stop of stops) stop()
    return { clients }
  }

  it('are told of', () => {
    mountTwo()
    expect(warnings()).toEqual([expect.stringContaining('two clients share one QueryClient')])
  })

  it('are told of where they have one API, and a token each', () => {
    const queryClient = new QueryClient()
    for (const key of ['shop', 'admin'])
      onTestFinished(makeClient({ baseUrl, queryClient, storage: webStorage('local', key) }).client.mount())
    expect(warnings()).toEqual([expect.stringContaining('two clients share one QueryClient')])
  })

  it('are not told of where the app says whose each query is', () => {
    mountTwo({ isPublic: () => true })
    expect(warnings()).toEqual([])
  })

  it('are not told of where one takes the place of the other, as after a hot reload', () => {
    const { clients } = mountTwo({ isPublic: () => false })
    for (const client of clients) client.mount()()
    expect(warnings()).toEqual([])
  })
})

describe('a stored token whose user cannot be asked for', () => {
  it('is reported at once where no retry mends it', async () => {
    localStorage.setItem('token', 'token-of-ada')
    const { client } = makeClient({
      baseUrl,
      parseUser: () => {
        throw new Error('never called')
      },
      fetch: () => {
        throw Object.assign(new Error('AbortSignal.any is not a function'), { name: 'ProgrammerError' })
      },
    })
    client.mount()
    await waitFor(() => expect(console.warn).toHaveBeenCalled(), { timeout: 60_000 })
    expect(warnings()).toEqual([expect.stringContaining('RequestError')])
    expect(client.getState().status).toBe('restoring')
    client.unmount()
  })

  it('is reported once, however often it is asked for', async () => {
    localStorage.setItem('token', 'token-of-ada')
    const user = vi.fn(() => {
      throw new Error('not a token')
    })
    const queryClient = new QueryClient({ defaultOptions: { queries: { retryDelay: 1 } } })
    const { client } = makeClient({ baseUrl, queryClient, endpoints: { user } })
    client.mount()
    await waitFor(() => expect(user.mock.calls.length).toBeGreaterThan(3))
    expect(warnings()).toEqual([expect.stringContaining('RequestError')])
    client.unmount()
  })

  it('is asked for although the app’s defaults disable queries', async () => {
    const server = await startApiServer()
    localStorage.setItem('token', server.issue(ada.email).token)
    const queryClient = new QueryClient({ defaultOptions: { queries: { enabled: false } } })
    const { client } = makeClient({ baseUrl: server.baseUrl, queryClient })
    client.mount()
    await waitFor(() => expect(client.getState().status).toBe('signed-in'))
    client.unmount()
  })
})

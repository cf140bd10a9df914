import { act, screen } from '@testing-library/react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { describe, expect, it } from 'vitest'
import { SignedIn } from 'signoff'
import { startApiServer } from '../support/apiServer.ts'
import { ada, bob, makeClient, renderApp } from '../support/renderApp.tsx'

const draft = 'draft of Ada: I quit'

const effects = [
  ['effect', useEffect],
  ['layout effect', useLayoutEffect],
] as const

const storages = [
  ['localStorage', () => localStorage],
  ['sessionStorage', () => sessionStorage],
] as const

const cases = effects.flatMap(([effect, use]) =>
  storages.map(([name, get]) => [name, effect, use, get] as const),
)

/** A text area that stores its draft when it unmounts, as an autosave does that is flushed. */
const renderEditor = async (
  useAny: typeof useEffect,
  getStorage: () => Storage,
  options: Partial<Parameters<typeof makeClient>[0]> = {},
) => {
  const server = await startApiServer()
  const app = makeClient({ baseUrl: server.baseUrl, ...options })
  await app.client.login(ada)
  const Editor = () => {
    const [text, setText] = useState(() => getStorage().getItem('draft') ?? '')
    const latest = useRef(text)
    useLayoutEffect(() => {
      latest.current = text
    })
    useAny(() => () => getStorage().setItem('draft', latest.current), [])
    return <textarea value={text} onChange={() => {}} onClick={() => setText(draft)} />
  }
  renderApp(
    app,
    <SignedIn>
      <Editor />
    </SignedIn>,
  )
  await act(async () => screen.getByRole('textbox').click())
  expect(screen.getByRole('textbox')).toHaveProperty('value', draft)
  return { server, ...app }
}

describe.each(cases)(
  'a draft that is stored in %s by the cleanup of an %s',
  (_storage, _effect, use, get) => {
    it('does not outlive the logout', async () => {
      const { client } = await renderEditor(use, get)
      await act(() => client.logout())
      expect(get().getItem('draft')).toBeNull()
    })

    it('is not shown to the next user', async () => {
      const { client } = await renderEditor(use, get)
      await act(() => client.logout())
      await act(() => client.login(bob))
      expect(screen.getByRole('textbox')).toHaveProperty('value', '')
    })

    it('is not shown to the next user, who takes over at once', async () => {
      const { client, server } = await renderEditor(use, get)
      await act(async () => client.setSession(server.issue(bob.email)))
      expect(screen.getByRole('textbox')).toHaveProperty('value', '')
      expect(localStorage.getItem('token')).toBe(client.getState().token)
      expect(localStorage.getItem('token.of')).not.toBeNull()
    })

    it('stays where the app keeps it', async () => {
      const { client } = await renderEditor(use, get, { keepStorage: ['draft'] })
      await act(() => client.logout())
      expect(get().getItem('draft')).toBe(draft)
    })

    it('stays where a sign-out empties nothing', async () => {
      const { client } = await renderEditor(use, get, { clearStorage: 'token' })
      await act(() => client.logout())
      expect(get().getItem('draft')).toBe(draft)
    })
  },
)

it('what another tab has stored for the next user stays, although a page of the one before goes', async () => {
  const { client, server } = await renderEditor(useEffect, () => sessionStorage)
  const { token } = server.issue(bob.email)
  await act(async () => {
    localStorage.setItem('token', token)
    localStorage.setItem('draft', 'of bob')
    await client.logout()
  })
  expect(localStorage.getItem('draft')).toBe('of bob')
})

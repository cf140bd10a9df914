import { useMutation, useQuery } from '@tanstack/react-query'
import * as React from 'react'
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { type AuthState, SignedIn, useAuth, useLogin, useLogout, useRegister, useSession } from 'signoff'
import type { ModelCredentials, ModelUser, Tab } from './Tab.tsx'

/** Where the page is that its app hides: around what only a user sees, or within it. */
export type Place = 'around' | 'within'

/** What the app's components let the model do. */
export interface Hooks {
  login: (credentials: ModelCredentials) => void
  register: (credentials: ModelCredentials) => void
  logout: () => void
  addNote: (text: string) => void
  hide: (place: Place | null) => void
}

/** The same of a page while it is shown. */
export interface PageHooks {
  save: (text: string) => void
  turn: () => void
}

/** React 18 has none, and hides nothing. */
const Activity = React.Activity ?? (({ children }: React.ActivityProps): ReactNode => children)

const Copy = ({ text }: { text: string }): ReactNode => {
  const [copy] = useState(text)
  return <i>{copy}</i>
}

/** Says something as it goes: in a layout effect, and in an effect. */
const Draft = ({ tab, trace }: { tab: Tab; trace: string }): ReactNode => {
  const { api } = useSession()
  useLayoutEffect(() => () => tab.leave(api, `draft ${trace}`), [tab, api, trace])
  useEffect(() => () => tab.leave(api, `draft ${trace}`), [tab, api, trace])
  return null
}

/** A page that its app may hide. */
const Page = ({ tab, state }: { tab: Tab; state: AuthState<ModelUser> }): ReactNode => {
  const [number, setNumber] = useState(1)
  const notes = useQuery(tab.notes(number))
  const save = useMutation({ mutationFn: async (text: string) => `saved ${text}` })
  const trace = state.user?.trace ?? ''
  useLayoutEffect(() => tab.events.onCommit(tab, state))
  useLayoutEffect(() => {
    const hooks = { save: save.mutate, turn: () => setNumber((before) => (before % 3) + 1) }
    tab.pageHooks.add(hooks)
    return () => void tab.pageHooks.delete(hooks)
  }, [tab, save.mutate])
  return (
    <div>
      {notes.data?.join()} {save.variables} {save.data}
      <Copy text={trace} />
      <Draft tab={tab} trace={trace} />
    </div>
  )
}

export const App = ({ tab }: { tab: Tab }): ReactNode => {
  const state = useAuth() as AuthState<ModelUser>
  const { api } = useSession()
  const [hidden, hide] = useState<Place | null>(null)
  const notes = useQuery(tab.notes())
  // The app goes somewhere, and takes its time: until then the mutation has not settled.
  const login = useLogin({ onSuccess: () => new Promise<void>((resolve) => void setTimeout(resolve, 50)) })
  const register = useRegister()
  const logout = useLogout({ meta: { isLogout: true } })
  const addNote = useMutation({
    mutationKey: ['addNote'],
    mutationFn: (text: string) => tab.post(api, text),
    retry: 1,
    onMutate: (text) => {
      const before = tab.queryClient.getQueryData(tab.notes().queryKey)
      tab.queryClient.setQueryData(tab.notes().queryKey, [...(before ?? []), text])
      return before
    },
    onError: (_error, _text, before) => {
      tab.queryClient.setQueryData(tab.notes().queryKey, before)
    },
    onSettled: () => tab.queryClient.invalidateQueries({ queryKey: ['notes'] }),
  })
  useLayoutEffect(() => {
    const hooks: Hooks = {
      login: (credentials) => login.mutate(credentials),
      register: (credentials) => register.mutate(credentials),
      logout: () => logout.mutate(),
      addNote: (text) => addNote.mutate(text),
      hide: (place) => hide(place),
    }
    tab.onCommit(hooks, state)
  })
  const modeOf = (place: Place): React.ActivityProps['mode'] => (hidden === place ? 'hidden' : 'visible')
  return (
    <>
      <p>
        {state.status} {state.user?.trace}
      </p>
      <ul>{notes.data?.join()}</ul>
      <SignedIn>
        <Copy text={state.user?.trace ?? ''} />
        {tab.setting.hasPages && (
          <Activity mode={modeOf('within')}>
            <Page tab={tab} state={state} />
          </Activity>
        )}
      </SignedIn>
      {tab.setting.hasPages && (
        <Activity mode={modeOf('around')}>
          <SignedIn>
            <Page tab={tab} state={state} />
          </SignedIn>
        </Activity>
      )}
    </>
  )
}

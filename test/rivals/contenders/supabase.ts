import { expose } from './expose.ts'
import { AuthClient } from '@supabase/auth-js'

const storageKey = 'supabase.auth.token'

const auth = new AuthClient({ url: `${location.origin}/api/supabase`, storageKey })

expose({
  logIn: () => auth.signInWithPassword({ email: 'ada@example.com', password: 'correct horse' }),
  // As the client of its database does for each request.
  ask: async () => {
    const { data } = await auth.getSession()
    const headers = { Authorization: `Bearer ${data.session?.access_token}` }
    return (await fetch('/api/notes', { headers })).status
  },
  isSignedOut: () => localStorage.getItem(storageKey) === null,
})

import { expose } from './expose.ts'
import ky from 'ky'

// As the README of ky says under `afterResponse`, “Or retry with a fresh token on a 401 error”; and the token is kept.

interface Session {
  token: string
}

const store = ({ token }: Session): string => {
  localStorage.setItem('token', token)
  return `Bearer ${token}`
}

const api = ky.extend({
  hooks: {
    beforeRequest: [
      ({ request }) => request.headers.set('Authorization', `Bearer ${localStorage.getItem('token')}`),
    ],
    afterResponse: [
      async ({ request, response, retryCount }) => {
        if (response.status !== 401 || retryCount > 0) return undefined
        const session = await ky.post('/api/auth/refresh').json<Session>()
        const headers = new Headers(request.headers)
        headers.set('Authorization', store(session))
        return ky.retry({ request: new Request(request, { headers }), code: 'TOKEN_REFRESHED' })
      },
    ],
  },
})

expose({
  logIn: async () => {
    const json = { email: 'ada@example.com', password: 'correct horse' }
    store(await ky.post('/api/auth/login', { json }).json<Session>())
  },
  ask: async () => (await api.get('/api/notes')).status,
  isSignedOut: () => localStorage.getItem('token') === null,
})

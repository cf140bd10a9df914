import { expose } from './expose.ts'
import axios, { type AxiosError } from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'

// As its README says: the server keeps the refresh token in a cookie, the page the access token in its storage.

interface Session {
  token: string
}

const store = ({ token }: Session): string => {
  localStorage.setItem('token', token)
  return `Bearer ${token}`
}

axios.interceptors.request.use((request) => {
  request.headers.set('Authorization', `Bearer ${localStorage.getItem('token')}`)
  return request
})

createAuthRefresh(axios, async (failedRequest: AxiosError) => {
  const { data } = await axios.post<Session>('/api/auth/refresh')
  failedRequest.response?.config.headers.set('Authorization', store(data))
})

expose({
  logIn: async () => {
    const credentials = { email: 'ada@example.com', password: 'correct horse' }
    store((await axios.post<Session>('/api/auth/login', credentials)).data)
  },
  ask: async () => (await axios.get('/api/notes')).status,
  isSignedOut: () => localStorage.getItem('token') === null,
})

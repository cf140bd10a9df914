import { client } from './client.gen.ts'

export interface UserPublic {
  id: number
  email: string
}

export interface AccessToken {
  username: string
  password: string
}

export const loginAccessToken = ({ username, password }: AccessToken) =>
  client.request<{ access_token: string }>({
    method: 'POST',
    url: '/api/v1/login/access-token',
    body: { username, password },
  })

export const readUserMe = () => client.request<UserPublic>({ url: '/api/v1/users/me' })

export const readNotes = () => client.request<string[]>({ url: '/api/v1/notes/' })

export const readUsers = () => client.request<UserPublic[]>({ url: '/api/v1/users/' })

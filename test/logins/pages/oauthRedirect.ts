import { begin, type Begun } from './oauthBegin.ts'
import { authClient } from './oauthClient.ts'
import { finish } from './oauthFinish.ts'

export const startLogin = async () => {
  const { url, login } = await begin(`${location.origin}/callback`)
  sessionStorage.setItem('login', JSON.stringify(login))
  location.assign(url)
}

let finishing: ReturnType<typeof authClient.login> | undefined
export const finishLogin = () =>
  (finishing ??= authClient.login(() => {
    const answer = new URL(location.href)
    history.replaceState(null, '', location.pathname)
    const login = sessionStorage.getItem('login') ?? '{}'
    sessionStorage.removeItem('login')
    return finish(answer, JSON.parse(login) as Begun)
  }))

import { hearPopup } from './hearPopup.ts'
import { begin } from './oauthBegin.ts'
import { authClient } from './oauthClient.ts'
import { finish } from './oauthFinish.ts'

export const logInByPopup = () =>
  authClient.login(async ({ signal }) => {
    const popup = window.open('', '_blank', 'popup,width=500,height=700')
    if (!popup) throw new Error('The browser has blocked the popup')
    signal.addEventListener('abort', () => popup.close())
    const { url, login } = await begin(`${location.origin}/popup.html`)
    popup.location.href = url
    return finish(await hearPopup(popup, login.state), login)
  })

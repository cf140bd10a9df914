import type { AuthClient } from 'signoff'

type Client = Pick<AuthClient, 'getSignal' | 'rejectToken'>

export const openSocket = ({ getSignal, rejectToken }: Client, token: string, url: string) => {
  const signal = getSignal()
  const socket = new WebSocket(url)
  const close = () => socket.close()
  signal.addEventListener('abort', close)
  socket.addEventListener('open', () => socket.send(JSON.stringify({ token })))
  socket.addEventListener('close', ({ code }) => {
    signal.removeEventListener('abort', close)
    if (code === 4401) rejectToken(token)
  })
  return socket
}

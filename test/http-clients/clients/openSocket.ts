import type { AuthClient } from 'signoff'

export const openSocket = (client: Pick<AuthClient<unknown>, 'getSignal' | 'rejectToken'>, token: string) => {
  const signal = client.getSignal()
  const socket = new WebSocket('wss://example.com/socket')
  const close = () => socket.close()
  signal.addEventListener('abort', close)
  socket.addEventListener('open', () => socket.send(JSON.stringify({ token })))
  socket.addEventListener('close', ({ code }) => {
    signal.removeEventListener('abort', close)
    if (code === 4401) client.rejectToken(token)
  })
  return socket
}

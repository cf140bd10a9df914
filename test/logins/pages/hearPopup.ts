/** The address that the popup was sent back to. */
export const hearPopup = (popup: Window, state: string) => {
  const channel = new BroadcastChannel(state)
  return new Promise<URL>((resolve, reject) => {
    channel.addEventListener('message', ({ data }: MessageEvent<string>) => resolve(new URL(data)))
    const fail = () => reject(new Error('The popup was closed'))
    const look = () => void (popup.closed ? setTimeout(fail, 500) : setTimeout(look, 500))
    look()
  }).finally(() => channel.close())
}

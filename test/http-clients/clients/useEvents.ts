import { EventSource } from 'eventsource'
import { useEffect } from 'react'
import { useSession } from 'signoff'

export const useEvents = (url: string, onMessage: (event: MessageEvent) => void) => {
  const { fetch, signal } = useSession()
  useEffect(() => {
    if (signal.aborted) return undefined
    const events = new EventSource(url, { fetch })
    events.addEventListener('message', onMessage)
    return () => events.close()
  }, [fetch, signal, url, onMessage])
}

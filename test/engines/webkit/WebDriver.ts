/** What WebDriver calls an element or a window of a frame. */
export type Reference = Record<string, string>

/** The W3C protocol of one browser. Commands follow one another, because each belongs to the window that was chosen last. */
export interface WebDriver {
  /** Sends a command of the session to the driver, once those before it are done. Rejects with the driver's error. */
  send: <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>
  /** Runs commands that belong together: none of another caller comes in between. */
  together: <T>(act: (send: WebDriver['send']) => Promise<T>) => Promise<T>
}

interface Answer {
  value: { error?: string; message?: string } | null
}

const request = async <T>(method: string, url: string, body?: object): Promise<T> => {
  const response = await fetch(url, {
    method,
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  })
  const { value } = (await response.json()) as Answer
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`)
  return value as T
}

/**
 * Starts a session, and a browser with it.
 *
 * @param root - The driver's address.
 * @param capabilities - What the browser is started with.
 */
export const openWebDriver = async (root: string, capabilities: object): Promise<WebDriver> => {
  const { sessionId } = await request<{ sessionId: string }>('POST', `${root}/session`, {
    capabilities: { alwaysMatch: capabilities },
  })
  const send: WebDriver['send'] = (method, path, body) =>
    request(method, `${root}/session/${sessionId}${path}`, body)
  let last: Promise<unknown> = Promise.resolve()
  const together: WebDriver['together'] = (act) => {
    const own = last.then(() => act(send))
    last = own.catch(() => {})
    return own
  }
  return { together, send: (method, path, body) => together((next) => next(method, path, body)) }
}

// In the shape in which `@hey-api/openapi-ts` generates it, cut down to what this app uses.

interface Config {
  baseUrl: string
  auth?: () => string
  fetch?: typeof globalThis.fetch
}

interface RequestOptions {
  method?: string
  url: string
  body?: Record<string, string>
}

export class ApiError extends Error {
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(`The API answered ${status}`)
    this.status = status
    this.body = body
  }
}

const config: Config = { baseUrl: '' }

export const client = {
  setConfig: (changes: Partial<Config>): void => void Object.assign(config, changes),

  request: async <T>({ method = 'GET', url, body }: RequestOptions): Promise<T> => {
    const headers = new Headers({ Accept: 'application/json' })
    const token = config.auth?.()
    if (token) headers.set('Authorization', `Bearer ${token}`)
    const send = config.fetch ?? globalThis.fetch
    const content = body && { body: new URLSearchParams(body) }
    const response = await send(config.baseUrl + url, { method, headers, ...content })
    const answer: unknown = await response.json()
    if (!response.ok) throw new ApiError(response.status, answer)
    return answer as T
  },
}

/** Asks for notes by way of an HTTP client. */
export interface NotesClient {
  list: (tag: string) => Promise<unknown>
  add: (text: string) => Promise<unknown>
}

/** An HTTP client that takes a `fetch`. */
export interface HttpClient {
  name: string
  /** Whether it keeps each `fetch` that it was ever given, for as long as the page lives. */
  keepsFetch?: boolean
  createClient: (fetch: typeof globalThis.fetch, origin: string) => NotesClient
}

/** What openapi-typescript makes of `notes.openapi.json`. */
export interface paths {
  '/notes': {
    get: {
      parameters: { query?: { tag?: string } }
      responses: { 200: { content: { 'application/json': string[] } } }
    }
    post: {
      requestBody: { content: { 'application/json': { text: string } } }
      responses: { 200: { content: { 'application/json': string } } }
    }
  }
}

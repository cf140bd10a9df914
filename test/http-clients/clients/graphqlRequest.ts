import { GraphQLClient } from 'graphql-request'

export const createGraphql = (fetch: typeof globalThis.fetch, url: string) =>
  new GraphQLClient(url, { fetch })

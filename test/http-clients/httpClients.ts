import { gql } from 'graphql-request'
import { createHttp as createAxios } from './clients/axios.ts'
import { createGraphql } from './clients/graphqlRequest.ts'
import * as heyApi from './clients/heyApi.ts'
import * as heyApiAxios from './clients/heyApiAxios.ts'
import { createHttp as createOfetch } from './clients/ofetch.ts'
import { createHttp as createOpenapiFetch } from './clients/openapiFetch.ts'
import { createTrpc } from './clients/trpc.ts'
import * as generatedOnAxios from './clients/generated-axios/sdk.gen.ts'
import { addNote, listNotes } from './clients/generated/sdk.gen.ts'
import type { HttpClient } from './HttpClient.ts'

const listQuery = gql`
  query List($tag: String!) {
    notes(tag: $tag)
  }
`
const addMutation = gql`
  mutation Add($text: String!) {
    add(text: $text)
  }
`

/** The HTTP clients as the guide makes them, and how each asks for notes. */
export const httpClients: HttpClient[] = [
  {
    name: 'axios',
    keepsFetch: true,
    createClient: (fetch, origin) => {
      const http = createAxios(fetch, origin)
      return {
        list: async (tag) => (await http.get<string[]>('notes', { params: { tag } })).data,
        add: async (text) => (await http.post<string>('notes', { text })).data,
      }
    },
  },
  {
    name: 'openapi-fetch',
    createClient: (fetch, origin) => {
      const http = createOpenapiFetch(fetch, origin)
      return {
        list: async (tag) => (await http.GET('/notes', { params: { query: { tag } } })).data,
        add: async (text) => (await http.POST('/notes', { body: { text } })).data,
      }
    },
  },
  {
    name: 'the client of @hey-api/openapi-ts',
    createClient: (fetch, origin) => {
      const client = heyApi.createHttp(fetch, origin)
      return {
        list: async (tag) => (await listNotes({ client, query: { tag } })).data,
        add: async (text) => (await addNote({ client, body: { text } })).data,
      }
    },
  },
  {
    name: 'the client that what @hey-api/openapi-ts generates shares',
    keepsFetch: true,
    createClient: (fetch, origin) => {
      heyApi.shareFetch(fetch, origin)
      return {
        list: async (tag) => (await listNotes({ query: { tag } })).data,
        add: async (text) => (await addNote({ body: { text } })).data,
      }
    },
  },
  {
    name: 'the axios client of @hey-api/openapi-ts',
    keepsFetch: true,
    createClient: (fetch, origin) => {
      heyApiAxios.shareFetch(fetch, origin)
      return {
        list: async (tag) => (await generatedOnAxios.listNotes({ query: { tag } })).data,
        add: async (text) => (await generatedOnAxios.addNote({ body: { text } })).data,
      }
    },
  },
  {
    name: '@trpc/client',
    createClient: (fetch, origin) => {
      const trpc = createTrpc(fetch, `${origin}/trpc`)
      return {
        list: (tag) => trpc.list.query(tag),
        add: (text) => trpc.add.mutate(text),
      }
    },
  },
  {
    name: 'graphql-request',
    createClient: (fetch, origin) => {
      const graphql = createGraphql(fetch, `${origin}/graphql`)
      return {
        list: async (tag) => (await graphql.request<{ notes: string[] }>(listQuery, { tag })).notes,
        add: async (text) => (await graphql.request<{ add: string }>(addMutation, { text })).add,
      }
    },
  },
  {
    name: 'ofetch',
    createClient: (fetch, origin) => {
      const http = createOfetch(fetch, origin)
      return {
        list: (tag) => http<string[]>('/notes', { query: { tag } }),
        add: (text) => http<string>('/notes', { method: 'POST', body: { text } }),
      }
    },
  },
]

import { buildSchema, graphql } from 'graphql'
import type { AnswerNotes } from '../openNotesServer.ts'
import { readJson } from './readJson.ts'

const schema = buildSchema(`
  type Query { notes(tag: String!): [String!]! }
  type Mutation { add(text: String!): String! }
`)

/** GraphQL over HTTP. */
export const answerGraphql: AnswerNotes = async (request, response, notes) => {
  const { query, variables } = (await readJson(request)) as {
    query: string
    variables: Record<string, unknown>
  }
  const rootValue = {
    notes: ({ tag }: { tag: string }) => notes.list(tag),
    add: ({ text }: { text: string }) => notes.add(text),
  }
  const result = await graphql({ schema, source: query, variableValues: variables, rootValue })
  response.writeHead(200, { 'Content-Type': 'application/graphql-response+json' })
  response.end(JSON.stringify(result))
}

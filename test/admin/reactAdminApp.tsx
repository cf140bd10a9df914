import { DataTable, type DataProvider, List, Resource } from 'react-admin'
import { authClient } from './reactAdminClient.ts'
import { SessionAdmin } from './SessionAdmin.tsx'

const dataProvider = {
  getList: async (resource: string) => {
    const texts = await authClient.api(resource).json<string[]>()
    return { data: texts.map((text) => ({ id: text })), total: texts.length }
  },
  deleteMany: async (resource: string, { ids }: { ids: string[] }) => {
    for (const id of ids) await authClient.api.delete(`${resource}/${encodeURIComponent(id)}`)
    return { data: ids }
  },
} as unknown as DataProvider

const Notes = () => (
  <List>
    <DataTable>
      <DataTable.Col source="id" />
    </DataTable>
  </List>
)

export const App = () => (
  <SessionAdmin dataProvider={dataProvider} disableTelemetry>
    <Resource name="notes" list={Notes} />
  </SessionAdmin>
)

/** Its router keeps the path behind `#`. */
export const where = (): string => location.hash.slice(1)

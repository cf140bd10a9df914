import { Admin, DataTable, type DataProvider, List, Resource } from 'react-admin'
import { AuthProvider } from 'signoff'
import { authProvider } from './reactAdminAuthProvider.ts'
import { authClient, queryClient } from './reactAdminClient.ts'

const dataProvider = {
  getList: async (resource: string) => {
    const texts = await authClient.api(resource).json<string[]>()
    return { data: texts.map((text) => ({ id: text })), total: texts.length }
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
  <AuthProvider client={authClient}>
    <Admin
      authProvider={authProvider}
      dataProvider={dataProvider}
      queryClient={queryClient}
      requireAuth
      disableTelemetry
    >
      <Resource name="notes" list={Notes} />
    </Admin>
  </AuthProvider>
)

/** Its router keeps the path behind `#`. */
export const where = (): string => location.hash.slice(1)

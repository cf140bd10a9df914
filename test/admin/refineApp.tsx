import {
  Authenticated,
  type DataProvider,
  Refine,
  useGetIdentity,
  useList,
  useLogin,
  useLogout,
} from '@refinedev/core'
import { AuthProvider } from 'signoff'
import { LoginForm } from './LoginForm.tsx'
import { authProvider } from './refineAuthProvider.ts'
import { authClient, queryClient } from './refineClient.ts'

const refuse = () => Promise.reject(new Error('Not in this app'))

const dataProvider = {
  getList: async ({ resource }: { resource: string }) => {
    const texts = await authClient.api(resource).json<string[]>()
    return { data: texts.map((text) => ({ id: text })), total: texts.length }
  },
  getOne: refuse,
  create: refuse,
  update: refuse,
  deleteOne: refuse,
  getApiUrl: () => '/api',
} as unknown as DataProvider

function Home() {
  const { data: user } = useGetIdentity<{ email: string }>()
  const { result } = useList({ resource: 'notes', queryOptions: { retry: false } })
  const { mutate: logOut } = useLogout()
  return (
    <main>
      {user?.email}: {result.data.map(({ id }) => id).join()}
      <button onClick={() => logOut()}>Log out</button>
    </main>
  )
}

function LogIn() {
  const { mutate, data } = useLogin<{ email: string; password: string }>()
  return <LoginForm onSubmit={mutate} hasFailed={data?.success === false} />
}

let path = ''

/** Where refine has navigated to. */
export const where = (): string => path

const go = ({ to = path }: { to?: string }): void => {
  path = to
}

export const App = () => (
  <AuthProvider client={authClient}>
    <Refine
      authProvider={authProvider}
      dataProvider={dataProvider}
      routerProvider={{ go: () => go }}
      options={{ reactQuery: { clientConfig: queryClient }, disableTelemetry: true }}
    >
      <Authenticated key="notes" fallback={<LogIn />} loading={<p>Loading …</p>}>
        <Home />
      </Authenticated>
    </Refine>
  </AuthProvider>
)

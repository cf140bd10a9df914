import { QueryClientProvider } from '@tanstack/react-query'
import { queryClient } from './api.ts'
import { useUser } from './auth.ts'
import { LoginForm } from './LoginForm.tsx'
import { Notes } from './Notes.tsx'

const Page = () => {
  const user = useUser()
  if (user.isLoading) return <p>Loading …</p>
  return user.data ? <Notes /> : <LoginForm />
}

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <Page />
  </QueryClientProvider>
)

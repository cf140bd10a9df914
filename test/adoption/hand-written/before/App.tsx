import { QueryClientProvider } from '@tanstack/react-query'
import { queryClient } from './api.ts'
import { AuthProvider, useAuth } from './auth.tsx'
import { LoginForm } from './LoginForm.tsx'
import { Notes } from './Notes.tsx'

const Page = () => (useAuth().token ? <Notes /> : <LoginForm />)

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <AuthProvider>
      <Page />
    </AuthProvider>
  </QueryClientProvider>
)

import { QueryClientProvider } from '@tanstack/react-query'
import { Text } from 'react-native'
import { AuthProvider, SignedIn, SignedOut } from 'signoff'
import { useAppState } from './useAppState'
import { LoginForm } from './LoginForm'
import { Notes } from './Notes'
import type { Session } from './openSession'

export const App = ({ authClient, queryClient }: Session) => {
  useAppState()
  return (
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={authClient}>
        <SignedIn fallback={<Text>Loading</Text>}>
          <Notes />
        </SignedIn>
        <SignedOut>
          <LoginForm />
        </SignedOut>
      </AuthProvider>
    </QueryClientProvider>
  )
}

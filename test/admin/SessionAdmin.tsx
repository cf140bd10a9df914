import { Admin, type AdminProps } from 'react-admin'
import { AuthProvider, SignedIn, SignedOut } from 'signoff'
import { authProvider } from './reactAdminAuthProvider.ts'
import { authClient, queryClient } from './reactAdminClient.ts'

export const SessionAdmin = (props: AdminProps) => {
  const admin = <Admin {...props} authProvider={authProvider} queryClient={queryClient} requireAuth />
  return (
    <AuthProvider client={authClient}>
      <SignedIn fallback={<p>Loading …</p>}>{admin}</SignedIn>
      <SignedOut>{admin}</SignedOut>
    </AuthProvider>
  )
}

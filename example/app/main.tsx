import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider } from 'signoff'
import { App } from './App.tsx'
import { authClient, queryClient } from './auth.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element #root.')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <AuthProvider client={authClient}>
        <App />
      </AuthProvider>
    </QueryClientProvider>
  </StrictMode>,
)

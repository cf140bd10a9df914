'use client'
import type { RegisteredClient } from '../Register.ts'
import { ClientContext, useAuthContext } from './useAuthContext.ts'

/**
 * The client of the `<AuthProvider>` above.
 *
 * @throws Error if there is no `<AuthProvider>` above.
 */
export const useAuthClient = (): RegisteredClient => useAuthContext(ClientContext)

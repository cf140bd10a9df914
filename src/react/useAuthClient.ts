'use client'
import type { RegisteredClient } from '../Register.ts'
import { ClientContext, useAuthContext } from './useAuthContext.ts'

/**
 * The client from context.
 *
 * @throws Error where there is no `<AuthProvider>` above.
 */
export const useAuthClient = (): RegisteredClient => useAuthContext(ClientContext)

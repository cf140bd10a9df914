export { tokenRefresh } from './tokenRefresh.ts'

export type { TokenRefresh } from '../http/TokenRefresh.ts'
export type { TokenRefreshOptions } from './TokenRefreshOptions.ts'

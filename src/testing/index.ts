export { createTestApi } from './createTestApi.ts'
export { createTestAuthClient } from './createTestAuthClient.tsx'

export type { TestApi, TestApiOptions } from './createTestApi.ts'
export type { TestAuthClient, TestAuthClientOptions } from './createTestAuthClient.tsx'
export type { RouteParams } from './matchRoute.ts'
export type { GivenUser, TestHandler, TestRequest } from './TestRequest.ts'

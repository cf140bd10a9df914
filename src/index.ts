export { asyncStorage } from './browser/asyncStorage.ts'
export { memoryStorage, webStorage } from './browser/TokenStorage.ts'
export { createAuthClient } from './client/createAuthClient.ts'
export { AuthError, isAuthError } from './errors/AuthError.ts'
export { isRequestError, RequestError } from './errors/RequestError.ts'
export { isSessionEndedError, SessionEndedError } from './errors/SessionEndedError.ts'
export { isSignedOutError, SignedOutError } from './errors/SignedOutError.ts'
export { AuthProvider } from './react/AuthProvider.tsx'
export { SignedIn } from './react/SignedIn.tsx'
export { SignedOut } from './react/SignedOut.tsx'
export { useAuth } from './react/useAuth.ts'
export { useAuthClient } from './react/useAuthClient.ts'
export { useLogin } from './react/useLogin.ts'
export { useLogout } from './react/useLogout.ts'
export { useRegister } from './react/useRegister.ts'
export { useSession } from './react/useSession.ts'
export { useToken } from './react/useToken.ts'
export { useUser } from './react/useUser.ts'

export type { AsyncStorage } from './browser/createMirror.ts'
export type { ReplacedToken, TokenStorage, WebStorageKind } from './browser/TokenStorage.ts'
export type { UserOptions } from './cache/createUserQuery.ts'
export type {
  AuthClient,
  AuthSession,
  DefaultUser,
  LogoutOptions,
  LogoutResult,
} from './client/AuthClient.ts'
export type { AuthClientOptions } from './client/AuthClientOptions.ts'
export type { LoginContext, LoginFunction, NewSession } from './client/LoginFunction.ts'
export type { SessionEndReason, SignOutReason } from './errors/SessionEndedError.ts'
export type { RequestErrorCode } from './errors/RequestError.ts'
export type { EndpointDetails, Endpoints } from './http/Endpoint.ts'
export type { SessionHandle } from './http/createSessionHandles.ts'
export type { Register } from './Register.ts'
export type { AuthState } from './session/AuthState.ts'

import { createExpoFetch } from './expoFetch'
import { ExpoSecureStore } from './keychain'
import { createNetworking } from './networking'
import { connect } from './sendRequests'

/*
 * React Native's preset for Jest leaves out its globals, and answers for native code with nothing. Here the globals are those
 * of React Native (`fetch`, `Headers`, `Request`, `Response`, `URL`, `AbortController` …), and then, as Expo has it, Expo's.
 * `AppState`, NetInfo and expo-secure-store are themselves, too: only native code is stood in for. What Node has and a phone
 * has not, is taken away.
 */

jest.unmock('react-native/Libraries/AppState/AppState')

const { default: NativeModules } = jest.requireMock<{ default: object }>(
  'react-native/Libraries/BatchedBridge/NativeModules',
)
const { default: emitter } = jest.requireActual<{
  default: { emit: (event: string, given: unknown) => void }
}>('react-native/Libraries/EventEmitter/RCTDeviceEventEmitter')

const online = {
  type: 'wifi',
  isConnected: true,
  isInternetReachable: true,
  details: { isConnectionExpensive: false },
}
const offline = { type: 'none', isConnected: false, isInternetReachable: false, details: null }

const listening = { addListener: (): void => {}, removeListeners: (): void => {} }

Object.assign(
  NativeModules,
  createNetworking((event, given) => emitter.emit(event, given)),
  {
    AppState: {
      ...listening,
      getConstants: () => ({ initialAppState: 'active' }),
      getCurrentAppState: (): void => {},
    },
    RNCNetInfo: { ...listening, getCurrentState: async () => online, configure: (): void => {} },
  },
)

/** The user brings the app to the front, or something else. */
export const show = (isInFront: boolean): void =>
  emitter.emit('appStateDidChange', { app_state: isInFront ? 'active' : 'background' })

/** The phone finds a network, or loses it. */
export const setConnected = (isConnected: boolean): void => {
  connect(isConnected)
  emitter.emit('netInfo.networkStatusDidChange', isConnected ? online : offline)
}

for (const name of [
  'BroadcastChannel',
  'MessageChannel',
  'crypto',
  'WeakRef',
  'EventSource',
  'structuredClone',
])
  Object.defineProperty(globalThis, name, { value: undefined, configurable: true, writable: true })
Object.defineProperty(globalThis, 'navigator', { value: { product: 'ReactNative' }, configurable: true })

jest.requireActual('react-native/Libraries/Core/setUpXHR')
// Jest reads all globals when a file is over, and by then there is no native code any more.
void FileReader

jest
  .requireActual<{ installExpoGlobalPolyfill: () => void }>(
    'expo-modules-core/src/polyfill/dangerous-internal',
  )
  .installExpoGlobalPolyfill()

const expo = Reflect.get(globalThis, 'expo') as {
  SharedObject: Parameters<typeof createExpoFetch>[0]
  modules: object
}
expo.modules = { ExpoFetchModule: createExpoFetch(expo.SharedObject), ExpoSecureStore }

// Without Expo, React Native's own `fetch` and `URL` remain.
if (process.env['DEVICE'] === 'expo') jest.requireActual('expo/src/winter/runtime.native')

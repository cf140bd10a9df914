import vm from 'node:vm'
import { createExpoFetch } from './device/expoFetch.ts'
import { ExpoSecureStore } from './device/keychain.ts'
import { createNetworking } from './device/networking.ts'
import { SharedObject } from './device/SharedObject.ts'

/** What React Native's renderer has given to native code, as it does for each view. */
interface View {
  readonly name: string
  readonly props: Record<string, unknown>
  readonly handle: object
  readonly children: View[]
}

type SendEvent = (handle: object, event: string, given: object) => void

interface Callable {
  emit: (event: string, given: unknown) => void
  runApplication: (name: string, parameters: object) => void
}

const nothing = (): void => {}

/** What native modules say of the phone when they are asked. */
const constants: Record<string, object> = {
  PlatformConstants: {
    interfaceIdiom: 'phone',
    osVersion: '26.0',
    systemName: 'iOS',
    reactNativeVersion: { major: 0, minor: 85, patch: 3, prerelease: null },
  },
  DeviceInfo: {
    Dimensions: {
      window: { width: 390, height: 844, scale: 3, fontScale: 1 },
      screen: { width: 390, height: 844, scale: 3, fontScale: 1 },
    },
  },
  AppState: { initialAppState: 'active' },
  I18nManager: { isRTL: false, doLeftAndRightSwapInRTL: true },
  SourceCode: { scriptURL: 'file:///main.jsbundle' },
}

/** A native module that does nothing but what is given here. */
const createModule = (name: string, own: object = {}): object =>
  new Proxy(own, {
    get: (target, key) =>
      Reflect.get(target, key) ?? (key === 'getConstants' ? () => constants[name] ?? {} : nothing),
  })

/** Draws nothing: keeps what React Native's renderer would have drawn. */
const createFabric = (show: (views: View[]) => void, listen: (send: SendEvent) => void) => {
  const withProps = (view: View, props: object): View => ({ ...view, props: { ...view.props, ...props } })
  const own = {
    createNode: (_tag: number, name: string, _root: number, props: object, handle: object): View => ({
      name,
      props: { ...props },
      handle,
      children: [],
    }),
    cloneNode: (view: View): View => ({ ...view, children: [...view.children] }),
    cloneNodeWithNewChildren: (view: View, children: View[] = []): View => ({ ...view, children }),
    cloneNodeWithNewProps: withProps,
    cloneNodeWithNewChildrenAndProps: (view: View, ...given: object[]): View => ({
      ...withProps(view, given.at(-1) ?? {}),
      children: given.length > 1 ? (given[0] as View[]) : [],
    }),
    appendChild: (view: View, child: View): View => {
      view.children.push(child)
      return view
    },
    createChildSet: (): View[] => [],
    appendChildToSet: (views: View[], view: View): void => void views.push(view),
    completeRoot: (_root: number, views: View[]): void => show(views),
    registerEventHandler: listen,
  }
  return createModule('Fabric', own)
}

const textOf = (view: View): string =>
  (view.name === 'RCTRawText' ? String(view.props['text']) : '') + view.children.map(textOf).join('')

/** Runs the bundle of an app as a phone does, with React Native's own renderer, and stand-ins for native code alone. */
export const openBundle = (code: string) => {
  const frames: string[] = []
  let views: View[] = []
  let send: SendEvent = nothing
  const callables = new Map<string, () => Callable>()
  const call = (name: string): Callable => (callables.get(name) as () => Callable)()

  const modules: Record<string, object> = createNetworking((event, given) =>
    call('RCTDeviceEventEmitter').emit(event, given),
  )
  // What React Native and Expo can do without.
  const missing = /Cxx$|^Dev(?!iceInfo)|^Expo|^EX|LogBox/
  const getModule = (name: string): object | null =>
    modules[name] ?? (missing.test(name) ? null : (modules[name] = createModule(name)))
  for (const [name, own] of Object.entries(modules)) modules[name] = createModule(name, own)

  const errors: unknown[] = []
  const online = { type: 'wifi', isConnected: true, isInternetReachable: true, details: {} }
  modules['RNCNetInfo'] = createModule('RNCNetInfo', { getCurrentState: async () => online })
  modules['NativeMicrotasksCxx'] = { queueMicrotask }
  modules['NativeDOMCxx'] = createModule('NativeDOMCxx', { linkRootNode: () => ({}) })
  modules['ExceptionsManager'] = createModule('ExceptionsManager', {
    reportException: (error: { isFatal: boolean }) => void (error.isFatal && errors.push(error)),
  })
  const scope: Record<string, unknown> = {
    console: { log: nothing, info: nothing, debug: nothing, warn: nothing, error: nothing },
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    setImmediate,
    clearImmediate,
    requestAnimationFrame: (act: (now: number) => void) => setTimeout(() => act(performance.now())),
    cancelAnimationFrame: clearTimeout,
    queueMicrotask,
    performance: { now: () => performance.now() },
    TextEncoder,
    HermesInternal: {
      hasPromise: () => true,
      useEngineQueue: () => true,
      getRuntimeProperties: () => ({}),
      enablePromiseRejectionTracker: nothing,
    },
    nativeFabricUIManager: createFabric(
      (next) => {
        views = next
        frames.push(views.map(textOf).join(' '))
      },
      (listener) => {
        send = listener
      },
    ),
    __turboModuleProxy: getModule,
    nativeModuleProxy: new Proxy({}, { get: (_target, name) => getModule(String(name)) }),
    RN$Bridgeless: true,
    RN$registerCallableModule: (name: string, get: () => Callable) => callables.set(name, get),
    expo: {
      EventEmitter: SharedObject,
      NativeModule: SharedObject,
      SharedObject,
      SharedRef: SharedObject,
      modules: new Proxy(
        {
          ExpoFetchModule: createExpoFetch(SharedObject),
          ExpoSecureStore,
          ExponentConstants: { manifest: '{}' },
        },
        { get: (target, name) => Reflect.get(target, name) ?? createModule(String(name)) },
      ),
      getViewConfig: () => null,
    },
  }
  scope['globalThis'] = scope['global'] = scope
  vm.runInNewContext(code, scope)
  call('AppRegistry').runApplication('main', { rootTag: 1, initialProps: {}, fabric: true })

  const find = (matches: (view: View) => boolean, among = views): View | undefined => {
    for (const view of among) {
      const found = matches(view) ? view : find(matches, view.children)
      if (found) return found
    }
    return undefined
  }
  const get = (label: string): View => {
    const view = find(
      (each) =>
        each.props['accessibilityLabel'] === label ||
        (each.props['accessible'] === true && textOf(each) === label),
    )
    if (!view) throw new Error(`There is no ${label} on the screen: ${views.map(textOf).join()}`)
    return view
  }

  return {
    /** What React Native has told native code of. */
    errors,
    /** All texts on the screen, for each time that it was drawn. */
    frames,
    valueOf: (label: string) => get(label).props['text'] ?? get(label).props['value'],
    type: (label: string, text: string) => send(get(label).handle, 'topChange', { text, eventCount: 1 }),
    press: (label: string) => send(get(label).handle, 'topClick', {}),
  }
}

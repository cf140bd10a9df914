import { createMMKV } from 'react-native-mmkv'
import type { TokenStorage } from 'signoff'

const mmkv = createMMKV({ id: 'session' })

export const mmkvStorage: TokenStorage = {
  get: () => mmkv.getString('token') ?? null,
  set: (token) => mmkv.set('token', token),
  remove: () => void mmkv.remove('token'),
}

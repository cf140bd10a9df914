import { getItem, setItem } from 'expo-secure-store'
import type { TokenStorage } from 'signoff'

export const secureStorage: TokenStorage = {
  get: () => getItem('token') || null,
  set: (token) => setItem('token', token),
  remove: () => setItem('token', ''),
}

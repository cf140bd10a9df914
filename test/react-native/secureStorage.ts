import { deleteItemAsync, getItemAsync, setItemAsync } from 'expo-secure-store'
import { asyncStorage } from 'signoff'

export const secureStorage = asyncStorage({
  getItem: (key) => getItemAsync(key),
  setItem: (key, value) => setItemAsync(key, value),
  removeItem: (key) => deleteItemAsync(key),
})

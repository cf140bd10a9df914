import { deleteItemAsync, getItemAsync, setItemAsync } from 'expo-secure-store'
import { asyncStorage, type TokenStorage } from 'signoff'

export const openSecureStorage = (): TokenStorage =>
  asyncStorage({
    getItem: (key) => getItemAsync(key),
    setItem: (key, value) => setItemAsync(key, value),
    removeItem: (key) => deleteItemAsync(key),
  })

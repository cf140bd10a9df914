import { LazyStore } from '@tauri-apps/plugin-store'
import { asyncStorage } from 'signoff'

const store = new LazyStore('session.json', { autoSave: false, defaults: {} })

export const tauriStorage = asyncStorage({
  getItem: (key) => store.get<string>(key),
  setItem: (key, value) => store.set(key, value).then(() => store.save()),
  removeItem: (key) => store.delete(key).then(() => store.save()),
})

import { Preferences } from '@capacitor/preferences'
import { asyncStorage } from 'signoff'

export const preferencesStorage = asyncStorage({
  getItem: async (key) => (await Preferences.get({ key })).value,
  setItem: (key, value) => Preferences.set({ key, value }),
  removeItem: (key) => Preferences.remove({ key }),
})

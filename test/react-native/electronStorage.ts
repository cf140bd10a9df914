import { type AsyncStorage, asyncStorage } from 'signoff'

declare const secrets: AsyncStorage

export const electronStorage = asyncStorage(secrets)

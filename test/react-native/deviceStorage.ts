import AsyncStorage from '@react-native-async-storage/async-storage'
import { asyncStorage } from 'signoff'

export const deviceStorage = asyncStorage(AsyncStorage)

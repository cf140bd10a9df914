import { registerRootComponent } from 'expo'
import { App } from './app/App'
import { openSession } from './app/openSession'
import { openSecureStorage } from './app/openSecureStorage'

const session = openSession(process.env['EXPO_PUBLIC_API'] ?? 'https://api.example.com', openSecureStorage())

registerRootComponent(() => <App {...session} />)

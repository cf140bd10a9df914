import { install } from './install.ts'

install()

// All of these import what has just been installed.
const { describeEvents } = await import('./describeEvents.tsx')
const { describeGuide } = await import('./describeGuide.tsx')
const { describeHttpClient } = await import('./describeHttpClient.ts')
const { describeLimits } = await import('./describeLimits.ts')
const { describeSockets } = await import('./describeSockets.tsx')
const { httpClients } = await import('./httpClients.ts')

for (const httpClient of httpClients) describeHttpClient(httpClient)
describeEvents()
describeSockets()
describeLimits()
describeGuide()

import { install } from './install.ts'

install()

const { describeEvents } = await import('./describeEvents.tsx')
const { describeHttpClient } = await import('./describeHttpClient.ts')
const { describeLateSenders } = await import('./describeLateSenders.ts')
const { describeSockets } = await import('./describeSockets.tsx')
const { httpClients } = await import('./httpClients.ts')

for (const httpClient of httpClients) describeHttpClient(httpClient)
describeEvents()
describeSockets()
describeLateSenders()

import { install } from './install.ts'

install()

const { describeHttpClient } = await import('./describeHttpClient.ts')
const { httpClients } = await import('./httpClients.ts')

for (const httpClient of httpClients) describeHttpClient(httpClient)

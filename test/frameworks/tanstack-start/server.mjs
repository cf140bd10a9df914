import { createServer } from 'node:http'
import sirv from 'sirv'
import { toNodeHandler } from 'srvx/node'
import app from './dist/server/server.js'

const serveFile = sirv('dist/client')
const render = toNodeHandler(app.fetch)

createServer((request, response) => {
  serveFile(request, response, () => render(request, response))
}).listen(Number(process.env.PORT), '127.0.0.1')

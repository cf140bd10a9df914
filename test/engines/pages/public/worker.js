// A service worker as many apps have one: every request passes through it. It leaves a mark where it reads from the API.
const mark = (request) => {
  const headers = new Headers(request.headers)
  headers.set('X-Passed-Through', 'worker')
  return new Request(request, { headers })
}

const isRead = ({ method, url }) => method === 'GET' && new URL(url).pathname.startsWith('/api/')

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  event.respondWith(fetch(isRead(event.request) ? mark(event.request) : event.request))
})

// Keeps the tablet's page so that it opens without network: its shell, styles, script and fonts, and nothing else.
// The server writes BUILD (a hash of all of it) and FILES in front of this file. Answers never come here: what is not
// one of FILES goes to the network and is not kept.
/* global BUILD, FILES, self, caches, clients */
const NAME = `tablet-${BUILD}`
const SHELL = '/tablet/'

self.addEventListener('install', event => event.waitUntil(fill()))
self.addEventListener('activate', event => event.waitUntil(takeOver()))
self.addEventListener('message', ({ data }) => { if (data === 'take over') self.skipWaiting() })

async function fill () {
  const cache = await caches.open(NAME)
  await cache.addAll(FILES.map(file => new Request(file, { cache: 'reload' })))
}

async function takeOver () {
  const old = (await caches.keys()).filter(name => name.startsWith('tablet-') && name !== NAME)
  await Promise.all(old.map(name => caches.delete(name)))
  await clients.claim()
}

self.addEventListener('fetch', event => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return
  const file = mode === 'navigate' && pathname === SHELL ? SHELL : pathname
  if (mode === 'navigate' ? file === SHELL : FILES.includes(file)) event.respondWith(kept(file, event.request))
})

async function kept (file, request) {
  const found = await (await caches.open(NAME)).match(file)
  return found ?? fetch(request)
}

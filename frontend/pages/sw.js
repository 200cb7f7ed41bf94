// The service worker: the app opens without a network too. It keeps the built files, and nothing that the
// API answers. build.mjs writes the two constants below; a new build is a new version with a cache of its own.
const version = '{{version}}'
const files = {{files}}

const mine = 'feltbog-'
const page = '/'
// Milliseconds after which a network that says nothing is none.
const patience = 4000

self.addEventListener('install', (event) => {
  // The page that is kept and the files it names are of one build. It waits until no tab is open that
  // began with the build before, so that none loses files it may yet ask for.
  event.waitUntil(caches.open(mine + version).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })))))
})

self.addEventListener('activate', (event) => {
  const clear = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(mine) && name !== mine + version)
    await Promise.all(old.map((name) => caches.delete(name)))
    await self.clients.claim()
  }
  event.waitUntil(clear())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    // The API's own pages, and whatever has an ending, aren't the app.
    if (!pathname.startsWith('/api') && !/\.\w+$/.test(pathname)) event.respondWith(openPage(request))
  } else if (pathname.startsWith('/assets/')) event.respondWith(openFile(request))
})

/** The page as the server has it, or as it was kept where the server doesn't answer. */
async function openPage(request) {
  const kept = await caches.open(mine + version).then((cache) => cache.match(page))
  try {
    const response = await fetch(request, { signal: kept ? AbortSignal.timeout(patience) : undefined })
    return kept && response.status >= 500 ? kept : response
  } catch (error) {
    if (kept) return kept
    throw error
  }
}

/** A built file: its name has the hash of its content, so what is kept is what the server has. */
async function openFile(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}

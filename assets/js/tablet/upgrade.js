// The worker that keeps the page without network; a newer one takes over when nobody is filling anything in.

const FILLING = 'tablet-filling'
const EVERY = 30 * 60 * 1000
let registration
let reloadWhenFree = false
let end

export async function install () {
  if (!('serviceWorker' in navigator)) return
  const had = Boolean(navigator.serviceWorker.controller)
  navigator.serviceWorker.addEventListener('controllerchange', () => { if (had) reloadWhenFree = true; takeOver() })
  registration = await navigator.serviceWorker.register('/tablet/worker.js', { scope: '/tablet/', updateViaCache: 'none' })
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', takeOver))
  setInterval(() => registration.update().catch(() => {}), EVERY)
  takeOver()
}

// From now on somebody fills in: no newer app takes over, in this tab or another.
export function busy () {
  if (end) return
  const over = new Promise(resolve => { end = resolve })
  navigator.locks.request(FILLING, { mode: 'shared' }, () => over)
}

export function free () {
  end?.()
  end = undefined
  setTimeout(takeOver, 200)
}

export const isWaiting = () => Boolean(registration?.waiting)

async function takeOver () {
  if (end) return
  if (reloadWhenFree) return reloadOnce()
  await navigator.locks.request(FILLING, { ifAvailable: true }, lock => {
    if (lock && registration?.waiting && navigator.serviceWorker.controller) registration.waiting.postMessage('take over')
  })
}

// The worker that took over reports its state a moment later: a second reload would cut the first one off.
function reloadOnce () {
  reloadWhenFree = false
  location.reload()
}

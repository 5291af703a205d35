// What officers do: the PIN, the queue, sending, the file, setting up.
import { begin, go, now, setMode } from './app.js'
import { keep, kept } from './database.js'
import { stopWatching, watchIdle } from './idle.js'
import * as pages from './office.js'
import { choosePin, faultOf, tryPin } from './pin.js'
import * as queue from './queue.js'
import { put } from './screen.js'
import { Refused } from './server.js'
import * as setup from './setup.js'
import { onState, sync } from './sync.js'
import { Words } from './words.js'

const IDLE = 180
const REFRESH = 15 * 60_000
let fetched = 0

export async function enter () {
  stopWatching()
  if (!await kept('pin')) return setUp()
  await go(pages.pin(), { back: begin, pin: check, 'set-up': setUp })
}

async function check (form) {
  const { right, wait } = await tryPin(new FormData(form).get('pin'))
  if (right) return office()
  const error = wait ? `This PIN is wrong, or too many were tried. Wait ${wait} seconds, then try again` : 'This PIN is wrong: try again'
  await go(pages.pin({ error }), { back: begin, pin: check, 'set-up': setUp })
}

// The state of the tablet; closes itself when nobody is there.
async function office () {
  watchIdle(new Words(now.bundle, 'en'), IDLE, 30, begin)
  await go(pages.office(await state()), {
    sync: sendNow,
    export: exportQueue,
    dismiss: async element => {
      await queue.dismiss(element.dataset.id)
      await office()
    },
    retry: async element => {
      await queue.tryAgain(element.dataset.id)
      await sendNow()
    },
    interpreter: () => setMode('interpreter'),
    'hand-over': () => setMode('hand_over'),
    'set-up': setUp,
    lock: begin,
  })
}

async function state () {
  const estimate = await navigator.storage?.estimate?.() ?? {}
  const persisted = await navigator.storage?.persist?.() ?? false
  const [device, syncError, clock] = await Promise.all([kept('device'), kept('sync_error'), kept('clock')])
  return {
    device, syncError, clock, persisted, mode: now.mode, bundle: now.bundle, queue: await queue.summary(),
    storage: { ...estimate, persisted }, app: document.documentElement.dataset.build,
  }
}

async function sendNow () {
  put('bar', 'Sending…')
  await send()
  await office()
}

// Send what waits, and fetch new questions if there are any; what goes wrong is shown, nothing is lost.
export async function send () {
  const outcome = await sync()
  if (outcome.state === 'done') await fetchQuestions()
  return outcome
}

async function fetchQuestions () {
  const fresh = await setup.refresh().catch(() => undefined)
  if (fresh && !now.filling) now.bundle = fresh
}

onState(({ state }) => {
  if (state !== 'done' || Date.now() - fetched < REFRESH) return
  fetched = Date.now()
  fetchQuestions()
})

async function exportQueue () {
  const device = await kept('device')
  const items = (await queue.everything()).map(queue.sendable)
  const file = { format: 'tablet-queue-1', device: device.device, event: device.event.id, exported_at: new Date().toISOString(), items }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }))
  link.download = `${device.name} ${new Date().toLocaleString('sv-SE').replace(/:/g, '.')} (${items.length}).json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

// Set this tablet up: needs somebody signed in, and the server.
export async function setUp () {
  stopWatching()
  const device = await kept('device')
  const actions = { back: device ? begin : undefined, 'set-up': setUp }
  try {
    const session = await setup.session()
    await form({ ...session, held: await queue.count() }, { device, asked: new URLSearchParams(location.search).get('event') })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await go(pages.signIn(error, device), actions)
  }
}

async function form (session, about) {
  await go(pages.setUp(session, about), { back: about.device ? begin : undefined, 'set-up': element => submitted(session, about, new FormData(element)) })
}

async function submitted (session, about, values) {
  const typed = { event: values.get('event'), name: values.get('name').trim() }
  const faults = { name: typed.name ? '' : 'Enter the name of this tablet', pin: faultOf(values.get('pin'), values.get('again')) }
  if (faults.name || faults.pin) return form(session, { ...about, typed, faults })
  try {
    await setup.setUp(session, Number(typed.event), typed.name)
    await choosePin(values.get('pin'))
  } catch (error) {
    return form(session, { ...about, typed, error: error instanceof Refused ? error : Refused.store(error) })
  }
  await keep('sync_error', undefined)
  await setup.signOut(session.csrf)
  history.replaceState(history.state, '', '/tablet/')
  now.bundle = await kept('bundle')
  send()
  await office()
}

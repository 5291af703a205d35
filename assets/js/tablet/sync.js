// Sending the queue: in batches, one tab at a time, again and again until the server has said what became of each.
import { keep, kept } from './database.js'
import { count, holdings, nextBatch, setAside, settle } from './queue.js'
import { Refused, ask } from './server.js'

const MOST_ITEMS = 50
const SMALLEST_WAIT = 5_000
const LONGEST_WAIT = 300_000
const REPORTED = 1000
const HALVED = [400, 413]

let failures = 0
let reported
let timer
const watchers = []
export const onState = watcher => watchers.push(watcher)
const tell = state => watchers.forEach(watcher => watcher(state))

// Send all that waits. Says what happened, and when to try again if the server cannot be reached.
export async function sync () {
  clearTimeout(timer)
  const outcome = await navigator.locks.request('tablet-sync', { ifAvailable: true }, lock => lock ? sendAll() : { state: 'elsewhere' })
  if (outcome.state === 'failed') failures++
  else if (outcome.state !== 'elsewhere') failures = 0
  timer = setTimeout(sync, waitingTime(outcome))
  return outcome
}

function waitingTime ({ state, retryAfter }) {
  if (state !== 'failed') return state === 'elsewhere' ? SMALLEST_WAIT : LONGEST_WAIT / 5
  const wait = Math.min(LONGEST_WAIT, SMALLEST_WAIT * 2 ** (failures - 1)) * (0.75 + Math.random() / 2)
  return Math.max(wait, (retryAfter ?? 0) * 1000)
}

async function sendAll () {
  const device = await kept('device')
  if (!device) return { state: 'not-set-up' }
  const limits = { items: Math.min(MOST_ITEMS, device.limits?.items ?? MOST_ITEMS), bytes: device.limits?.bytes ?? 900_000 }
  const skip = new Set()
  try {
    let batch = await nextBatch(limits, skip)
    if (batch.length) tell({ state: 'sending' })
    while (batch.length) {
      await sendBatch(device, batch, skip)
      batch = await nextBatch(limits, skip)
    }
    if (await reportDue()) await post(device, [])
    await keep('sync_error', undefined)
    const done = { state: 'done' }
    tell(done)
    return done
  } catch (error) {
    return failed(error)
  }
}

async function failed (reason) {
  const error = reason instanceof Refused ? reason : Refused.store(reason)
  const told = { code: error.code, message: error.message, remedy: error.remedy, at: Date.now() }
  await keep('sync_error', told).catch(() => {})
  const outcome = { state: 'failed', retryAfter: error.retryAfter, ...told }
  tell(outcome)
  return outcome
}

// A batch that is refused as a whole goes in halves, so that one bad item does not hold up the others.
async function sendBatch (device, items, skip) {
  let answer
  try {
    answer = await post(device, items)
  } catch (error) {
    if (!(error instanceof Refused) || !HALVED.includes(error.status)) throw error
    if (items.length === 1) {
      skip.add(items[0].id)
      return setAside(items[0].id, `${error.message} ${error.remedy}`)
    }
    const half = Math.ceil(items.length / 2)
    await sendBatch(device, items.slice(0, half), skip)
    return sendBatch(device, items.slice(half), skip)
  }
  const sent = new Set(items.map(item => item.id))
  const settled = await settle(sent, answer.items)
  settled.forEach(({ id }) => sent.delete(id))
  // What the server said nothing of is kept, and sent another time.
  sent.forEach(id => skip.add(id))
}

async function post (device, items) {
  const waiting = await holdings(REPORTED)
  const body = { sent_at: new Date().toISOString(), app: device.app, waiting, items }
  const answer = await ask('/tablet/api/v1/responses', { token: device.token, body })
  if (!Array.isArray(answer?.items)) throw Refused.strange()
  await keep('clock', Date.parse(answer.received_at) - Date.parse(body.sent_at)).catch(() => {})
  reported = waiting.count
  return answer
}

// Where the server last heard of a number that is no longer true, it is told once more.
const reportDue = async () => reported !== await count()

export function syncByItself () {
  addEventListener('online', sync)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sync() })
  return sync()
}

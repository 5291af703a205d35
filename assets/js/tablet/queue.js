// The queue of sealed responses: nothing leaves it before the server's own receipt for that response.
import { database, keep, kept } from './database.js'

const CHANGES = 'BroadcastChannel' in self ? new BroadcastChannel('tablet-queue') : undefined
const watchers = []

export function onChange (watcher) {
  watchers.push(watcher)
  if (CHANGES) CHANGES.onmessage = () => watchers.forEach(each => each())
}

function changed () {
  watchers.forEach(watcher => watcher())
  CHANGES?.postMessage('changed')
}

// Keep one sealed response: when this returns, it is on the disk.
export async function add (item) {
  const db = await database()
  const tx = db.transaction(['queue', 'kept'], 'readwrite', { durability: 'strict' })
  const tally = await tx.objectStore('kept').get('tally') ?? {}
  const day = new Date().toLocaleDateString('en-CA')
  await tx.objectStore('queue').put({ ...item, state: 'waiting', saved_at: Date.now() })
  await tx.objectStore('kept').put({ ...tally, [day]: (tally[day] ?? 0) + 1 }, 'tally')
  await tx.done
  changed()
}

export const everything = async () => (await database()).getAll('queue')

// The next ones to send, oldest first, within the limits of a batch.
export async function nextBatch (limits, skip) {
  const waiting = IDBKeyRange.bound(['waiting'], ['waiting', []])
  const found = await (await database()).getAllFromIndex('queue', 'state', waiting, limits.items + skip.size)
  const batch = []
  let bytes = 0
  for (const item of found.filter(({ id }) => !skip.has(id)).slice(0, limits.items).map(sendable)) {
    bytes += JSON.stringify(item).length + 1
    if (batch.length && bytes > limits.bytes) break
    batch.push(item)
  }
  return batch
}

// What the server is told of the queue: how many, since when, and which.
export async function holdings (most) {
  const tx = (await database()).transaction('queue')
  const [count, ids, first] = await Promise.all([
    tx.store.count(), tx.store.getAllKeys(null, most), tx.store.index('state').openCursor(null, 'next'),
  ])
  return { count, oldest: first?.value.given_at ?? null, ids }
}

export const sendable = ({ id, wave, digest, given_at, sealed }) => ({ id, wave, digest, given_at, sealed })

// Take the server's word for each item of a batch: what it has is forgotten, what it could not take stays and says why.
// Forgetting comes first and alone: it works on a full disk too.
export async function settle (sent, answers) {
  const known = answers.filter(({ id, outcome }) => sent.has(id) && OUTCOMES.includes(outcome))
  const gone = known.filter(isKeptThere)
  const tx = (await database()).transaction('queue', 'readwrite', { durability: 'strict' })
  gone.forEach(({ id }) => tx.store.delete(id))
  await tx.done
  for (const answer of known.filter(each => !isKeptThere(each))) await mark(answer.id, answer.outcome, answer)
  await keep('last_success', Date.now()).catch(() => {})
  changed()
  return known
}

const OUTCOMES = ['stored', 'duplicate', 'conflict', 'rejected']
const OVER = ['ends', 'withdrawn']
const isKeptThere = ({ outcome, code }) =>
  ['stored', 'duplicate'].includes(outcome) || (outcome === 'rejected' && OVER.includes(code))

async function mark (id, state, { code = '', reason = '', at }) {
  const tx = (await database()).transaction('queue', 'readwrite')
  const item = await tx.store.get(id)
  if (item) await tx.store.put({ ...item, state, code, reason, at })
  await tx.done
}

// Mark an item that no batch can carry: it stays, and can be exported.
export async function setAside (id, reason) {
  await mark(id, 'refused', { reason, at: new Date().toISOString() })
  changed()
}

// Once the server keeps it too, the officer may let it go.
export async function dismiss (id) {
  const tx = (await database()).transaction('queue', 'readwrite')
  const item = await tx.store.get(id)
  if (['conflict', 'rejected'].includes(item?.state)) await tx.store.delete(id)
  await tx.done
  changed()
}

export async function tryAgain (id) {
  await mark(id, 'waiting', {})
  changed()
}

export async function summary () {
  const items = await everything()
  const of = state => items.filter(item => item.state === state)
  const waiting = of('waiting').sort((a, b) => a.saved_at - b.saved_at)
  const today = (await kept('tally') ?? {})[new Date().toLocaleDateString('en-CA')] ?? 0
  return {
    waiting,
    marked: items.filter(item => item.state !== 'waiting'),
    oldest: waiting[0]?.saved_at,
    today,
    lastSuccess: await kept('last_success'),
  }
}

export async function count () {
  return (await database()).count('queue')
}

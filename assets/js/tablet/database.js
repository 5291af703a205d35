// What the tablet keeps: sealed responses, and what it needs to ask and to send. Nothing that anybody can read.
import { openDB } from 'idb'

// A newer version adds a step to `upgrade` and never drops a store with responses in it.
export const VERSION = 1
let opened

export function database () {
  opened ??= openDB('tablet', VERSION, {
    upgrade (db, before) {
      if (before < 1) {
        const queue = db.createObjectStore('queue', { keyPath: 'id' })
        queue.createIndex('state', ['state', 'saved_at'])
        db.createObjectStore('kept')
      }
    },
    // Another tab runs a newer app: let it go on, and show it here too.
    blocking () {
      opened.then(db => db.close())
      location.reload()
    },
    terminated () { opened = undefined },
  })
  return opened
}

export const kept = async name => (await database()).get('kept', name)

export async function keep (name, value) {
  const tx = (await database()).transaction('kept', 'readwrite', { durability: 'strict' })
  if (value === undefined) tx.store.delete(name)
  else tx.store.put(value, name)
  await tx.done
}

export const isFull = error => error?.name === 'QuotaExceededError' || error?.inner?.name === 'QuotaExceededError'

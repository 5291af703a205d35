// The officers' PIN: kept as a salted hash; each wrong attempt makes the next one wait longer, also after a restart.
import { keep, kept } from './database.js'
import { base64url, bytesOf } from './seal.js'

const ROUNDS = 600_000
const FREE = 3
const FIRST_WAIT = 30_000
const LONGEST_WAIT = 3_600_000
export const SHORTEST = 6

async function derived (pin, salt, rounds) {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  return base64url(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, 256))
}

export async function choosePin (pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  await keep('pin', { salt: base64url(salt), hash: await derived(pin, salt, ROUNDS), rounds: ROUNDS, wrong: 0, wait_until: 0 })
}

// What is wrong with a new PIN, or nothing.
export function faultOf (pin, again) {
  if (!/^[0-9]+$/.test(pin)) return 'Enter a PIN of digits only'
  if (pin.length < SHORTEST) return `Enter a PIN of at least ${SHORTEST} digits`
  if (/^(\d)\1+$/.test(pin) || '01234567890123456789'.includes(pin)) return 'Choose digits that are harder to guess'
  return pin === again ? '' : 'The two PINs differ: enter the same twice'
}

// Try a PIN: says whether it is right, and for how many seconds no other is taken.
export async function tryPin (pin) {
  const held = await kept('pin')
  const left = Math.min(held.wait_until - Date.now(), LONGEST_WAIT)
  if (left > 0) return { right: false, wait: Math.ceil(left / 1000) }
  // Counted before it is looked at: pulling the plug in between saves nothing.
  const wrong = held.wrong + 1
  const wait = wrong < FREE ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (wrong - FREE))
  await keep('pin', { ...held, wrong, wait_until: Date.now() + wait }).catch(() => {})
  if (await derived(pin, bytesOf(held.salt), held.rounds) !== held.hash) return { right: false, wait: wait / 1000 }
  await keep('pin', { ...held, wrong: 0, wait_until: 0 }).catch(() => {})
  return { right: true, wait: 0 }
}

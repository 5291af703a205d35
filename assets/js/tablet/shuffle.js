// Python's own random order from a seed (Mersenne Twister), so that the stored seed tells what each person saw.
import { KINDS } from './kinds.js'

const N = 624
const M = 397

// A text seeds it as in CPython: its bytes and their SHA-512 as one large number.
async function seeded (text) {
  const bytes = new TextEncoder().encode(text)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-512', bytes))
  const all = [...bytes, ...digest].reverse()
  while (all.length && all[all.length - 1] === 0) all.pop()
  const key = []
  for (let start = 0; start < all.length; start += 4) {
    key.push((all[start] | (all[start + 1] ?? 0) << 8 | (all[start + 2] ?? 0) << 16 | (all[start + 3] ?? 0) << 24) >>> 0)
  }
  return twister(key)
}

function twister (key) {
  const state = new Uint32Array(N)
  state[0] = 19650218
  const mix = index => state[index - 1] ^ state[index - 1] >>> 30
  for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, mix(i)) + i
  let i = 1
  const step = () => { if (++i >= N) { state[0] = state[N - 1]; i = 1 } }
  for (let k = 0, j = 0; k < Math.max(N, key.length); k++) {
    state[i] = (state[i] ^ Math.imul(mix(i), 1664525)) + key[j] + j
    step()
    j = (j + 1) % key.length
  }
  for (let k = 0; k < N - 1; k++) {
    state[i] = (state[i] ^ Math.imul(mix(i), 1566083941)) - i
    step()
  }
  state[0] = 0x80000000
  let position = N
  return () => {
    if (position === N) { turn(state); position = 0 }
    let y = state[position++]
    y ^= y >>> 11
    y ^= y << 7 & 0x9d2c5680
    y ^= y << 15 & 0xefc60000
    return (y ^ y >>> 18) >>> 0
  }
}

function turn (state) {
  for (let i = 0; i < N; i++) {
    const y = state[i] & 0x80000000 | state[(i + 1) % N] & 0x7fffffff
    state[i] = state[(i + M) % N] ^ y >>> 1 ^ (y & 1 ? 0x9908b0df : 0)
  }
}

function below (next, limit) {
  const bits = 32 - Math.clz32(limit)
  let drawn
  do drawn = next() >>> 32 - bits
  while (drawn >= limit)
  return drawn
}

// The keys of a question's options as one person sees them; a write-in stays last.
export async function shuffledKeys (question, seed) {
  const order = question.options.filter(option => !option.write_in).map(option => option.key)
  const last = question.options.filter(option => option.write_in).map(option => option.key)
  if (!question.shuffle) return question.options.map(option => option.key)
  const next = await seeded(`${seed}:${question.key}`)
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(next, i + 1)
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return [...order, ...last]
}

// The order of every question that is shuffled, and of those that put such options in order.
export async function ordersOf (questions, seed) {
  const orders = {}
  for (const question of questions.filter(each => each.shuffle)) orders[question.key] = await shuffledKeys(question, seed)
  return orders
}

// The options of a question as one person sees them, given the answers before it.
export function optionsSeen (question, orders, answers) {
  const keys = question.kind === 'order' && question.of ? KINDS.order.keys(question, answers) : question.options.map(option => option.key)
  const order = orders[question.of || question.key]
  const options = question.options.filter(option => keys.includes(option.key))
  return order ? options.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key)) : options
}

// The seal: whoever holds the tablet cannot open it, only the server's private key can. See docs/tablets-api.md.

const INFO = new TextEncoder().encode('tablet-seal-v1')
// Inside, spaces fill up to the next kilobyte: the length of a box tells nothing of what was answered.
const STEP = 1024

export const base64url = bytes =>
  btoa(Array.from(new Uint8Array(bytes), byte => String.fromCharCode(byte)).join(''))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

export function bytesOf (text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, character => character.charCodeAt(0))
}

// Seal a response to the server's key; `inside` has everything, `outside` what the queue may show.
export async function sealed (key, inside) {
  const { id, wave, digest, given_at: givenAt } = inside
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const server = await crypto.subtle.importKey('spki', bytesOf(key.spki), curve, false, [])
  const pair = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  const ephemeral = await crypto.subtle.exportKey('raw', pair.publicKey)
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: server }, pair.privateKey, 256)
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: ephemeral, info: INFO }
  const box = await crypto.subtle.deriveKey(derivation, secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = new TextEncoder().encode([id, wave, digest, givenAt].join('|'))
  const content = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, box, padded(JSON.stringify(inside)))
  return {
    id,
    wave,
    digest,
    given_at: givenAt,
    sealed: { key: key.id, ephemeral: base64url(ephemeral), iv: base64url(iv), box: base64url(content) },
  }
}

function padded (text) {
  const bytes = new TextEncoder().encode(text)
  const whole = new Uint8Array(Math.ceil(bytes.length / STEP) * STEP).fill(0x20)
  whole.set(bytes)
  return whole
}

// A receipt code: as random as the server's own, so that it tells nothing and follows from nothing.
export function receiptCode ({ alphabet, length, group }) {
  const drawn = crypto.getRandomValues(new Uint8Array(length))
  const code = Array.from(drawn, byte => alphabet[byte % alphabet.length]).join('')
  return code.match(new RegExp(`.{1,${group}}`, 'g')).join('-')
}

export const newSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] >>> 1

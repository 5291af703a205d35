// ALTCHA's proof of work: find the number that, behind the salt, hashes to the challenge.
const hex = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('')

async function solve ({ algorithm, challenge, salt, maxNumber }) {
  const encoder = new TextEncoder()
  for (let number = 0; number <= maxNumber; number++) {
    if (hex(await crypto.subtle.digest(algorithm, encoder.encode(salt + number))) === challenge) return number
  }
}

addEventListener('message', async ({ data }) => postMessage(await solve(data)))

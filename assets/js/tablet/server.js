// Speaking with the server: what it refuses has a name and a remedy, and so has a server that cannot be reached.

const PATIENCE = 30_000

export class Refused extends Error {
  constructor (status, { code, message, remedy }, retryAfter) {
    super(message)
    Object.assign(this, { status, code, remedy, retryAfter })
  }

  static offline () {
    return new Refused(0, {
      code: 'offline',
      message: 'The server could not be reached.',
      remedy: 'Everything is kept. The tablet tries again by itself; check the connection if this lasts.',
    })
  }

  static strange (status = 0) {
    return new Refused(status, {
      code: 'strange',
      message: 'Something else than the server answered, perhaps the sign-in page of this place’s wireless network.',
      remedy: 'Everything is kept. Open a web page and sign in to the network there, or use another connection.',
    })
  }

  // Not the server's fault: the tablet cannot read or write what it keeps, as on a full disk.
  static store ({ name }) {
    return new Refused(0, {
      code: 'store',
      message: `The tablet could not read or write its own store (${name}).`,
      remedy: 'Nothing is lost. Free some space on the tablet and close other tabs, then try again.',
    })
  }

  static broken (status, retryAfter) {
    return new Refused(status, {
      code: 'broken',
      message: `The server had a problem (${status}).`,
      remedy: 'Everything is kept. The tablet tries again by itself.',
    }, retryAfter)
  }
}

// Ask the server; `body` makes it a POST. Returns JSON, or undefined where nothing has changed. Raises Refused.
export async function ask (address, { token, body, etag, csrf } = {}) {
  const headers = {}
  if (token) headers.Authorization = `Bearer ${token}`
  if (etag) headers['If-None-Match'] = etag
  if (csrf) headers['X-CSRFToken'] = csrf
  if (body) headers['Content-Type'] = 'application/json'
  const options = { headers, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(PATIENCE) }
  let answer, content
  try {
    answer = await fetch(address, { ...options, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
    if (answer.status === 304) return undefined
    content = await answer.text()
  } catch {
    throw Refused.offline()
  }
  const read = parsed(content)
  if (answer.ok) {
    if (read === undefined) throw Refused.strange(answer.status)
    return withTag(read, answer.headers.get('ETag'))
  }
  const retryAfter = Number(answer.headers.get('Retry-After')) || undefined
  if (read?.error?.code) throw new Refused(answer.status, read.error, retryAfter)
  throw answer.status >= 500 ? Refused.broken(answer.status, retryAfter) : Refused.strange(answer.status)
}

function parsed (content) {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

function withTag (read, etag) {
  if (etag) Object.defineProperty(read, 'etag', { value: etag })
  return read
}

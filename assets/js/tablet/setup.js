// Setting this tablet up for an event, and fetching everything that it needs to ask without signal.
import { keep, kept } from './database.js'
import { Refused, ask } from './server.js'

// Who is signed in here, and the events that the tablet can be set up for.
export const session = () => ask('/tablet/session')

export async function setUp ({ csrf }, event, name) {
  const before = await kept('device')
  const made = await register({ event, name, ...(before && { device: before.device }) }, csrf)
  await keep('device', made)
  await keep('bundle', undefined)
  await refresh()
  await navigator.storage?.persist?.()
}

// A number that the server no longer knows gives way to a new one.
async function register (body, csrf) {
  try {
    return await ask('/tablet/api/v1/devices', { csrf, body })
  } catch (error) {
    if (error.code !== 'device_unknown') throw error
    return ask('/tablet/api/v1/devices', { csrf, body: { event: body.event, name: body.name } })
  }
}

// A tablet that is handed round must not stay signed in.
export async function signOut (csrf) {
  await fetch('/logout', { method: 'POST', headers: { 'X-CSRFToken': csrf }, redirect: 'manual' }).catch(() => {})
}

// Fetch the bundle anew if there is another one; what is here stays in use until then.
export async function refresh () {
  const device = await kept('device')
  if (!device) return undefined
  const before = await kept('bundle')
  const asked = Date.now()
  const bundle = await ask('/tablet/api/v1/bundle', { token: device.token, etag: before?.etag })
  if (!bundle) return undefined
  if (!bundle.surveys || !bundle.interface?.en) throw Refused.strange()
  const fetched = { ...bundle, etag: bundle.etag, fetched_at: asked }
  await keep('bundle', fetched)
  await keep('clock', Date.parse(bundle.server_time) - asked)
  await keep('device', { ...device, app: bundle.app, limits: bundle.limits, event: bundle.event, name: bundle.device.name })
  return fetched
}

// The surveys that can be answered now, by the server's clock as far as it is known.
export async function openSurveys (bundle) {
  const now = Date.now() + (await kept('clock') ?? 0)
  return bundle.surveys.filter(survey => Date.parse(survey.opens_at) <= now && now < Date.parse(survey.closes_at))
}

// The officers' pages, in English: the queue, sending, the file of the queue, the mode, setting the tablet up.
import { html, ltr } from './html.js'

const heading = text => html`<h1 class="govuk-heading-l">${text}</h1>`
const button = (doing, text, more = '') => html`<button type="button" class="govuk-button ${more}" data-do="${doing}">${text}</button>`
const framed = (title, main, more = {}) => ({
  title, main, product: 'Your say on policing – tablet', footer: html`<p>For staff of the Police and Crime Commissioner.</p>`, ...more,
})
const back = { back: 'Back' }

function time (moment) {
  return moment === undefined || moment === null ? 'never' : new Date(moment).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
}

function age (moment) {
  const minutes = Math.max(0, Math.floor((Date.now() - moment) / 60_000))
  const [size, name] = minutes >= 2880 ? [1440, 'days'] : minutes >= 120 ? [60, 'hours'] : [1, 'minutes']
  return `${Math.floor(minutes / size)} ${name}`
}

const problem = ({ message, remedy }) => html`<div class="govuk-error-summary" role="alert"><h2 class="govuk-error-summary__title">There is a problem</h2>
<div class="govuk-error-summary__body"><p>${message}</p><p>${remedy}</p></div></div>`

function field (name, label, { hint, type = 'text', value = '', inputmode, error } = {}) {
  const ids = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return html`<div class="govuk-form-group${error ? ' govuk-form-group--error' : ''}"><label class="govuk-label" for="${name}">${label}</label>${hint && html`<div class="govuk-hint" id="${name}-hint">${hint}</div>`}
${error && html`<p class="govuk-error-message" id="${name}-error"><span class="govuk-visually-hidden">Error:</span> ${error}</p>`}
<input class="govuk-input${error ? ' govuk-input--error' : ''}" id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="off"${inputmode && html` inputmode="${inputmode}"`}${ids && html` aria-describedby="${ids}"`}></div>`
}

const pinField = (name, label, more) => field(name, label, { type: 'password', inputmode: 'numeric', ...more })

export function pin ({ error } = {}) {
  const title = 'Staff: enter the PIN'
  return framed(title, html`${heading(title)}<form data-do="pin" autocomplete="off" novalidate>${pinField('pin', 'PIN of this tablet', { error })}
<button class="govuk-button">Continue</button></form>
<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">The PIN is forgotten</span></summary>
<div class="govuk-details__text">Sign in on this tablet while it is online and set it up again: you choose a new PIN, and what waits stays.<br>${button('set-up', 'Set up again', 'govuk-button--secondary')}</div></details>`, back)
}

export function setUp (session, { device, typed = {}, error, faults = {}, asked }) {
  const title = device ? 'Set this tablet up again' : 'Set this tablet up'
  const chosen = Number(typed.event ?? asked ?? device?.event.id)
  const options = session.events.map(event => html`<option value="${event.id}"${event.id === chosen && html` selected`}>${event.held_on} – ${event.place}</option>`)
  const names = [...new Set(session.events.flatMap(event => event.devices))]
  const { held = 0 } = session
  return framed(title, html`${error && problem(error)}${heading(title)}<p class="govuk-body">You are signed in as ${session.officer}. When the tablet is set up you are signed out on it, because it is handed to other people.</p>
${held > 0 && html`<p class="govuk-inset-text">${held} responses wait on this tablet. They stay, and count for the event where they were given.</p>`}
<form data-do="set-up" autocomplete="off" novalidate>
<div class="govuk-form-group"><label class="govuk-label" for="event">Event</label><select class="govuk-select" id="event" name="event">${options}</select></div>
${field('name', 'Name of this tablet', { hint: `As on its sticker, for example ${names[0] ?? 'Tablet A'}`, value: typed.name ?? device?.name ?? '', error: faults.name })}
${pinField('pin', 'New PIN for the staff pages of this tablet', { hint: 'At least six digits. Do not write it on the tablet.', error: faults.pin })}${pinField('again', 'The same PIN again')}
<button class="govuk-button">Set up</button></form>`, device ? back : {})
}

export function signIn (error, device) {
  const title = 'Set this tablet up'
  const asked = new URLSearchParams(location.search).get('event') ?? ''
  const next = encodeURIComponent(`/tablet/?event=${asked}`)
  const main = error.code === 'signed_out'
    ? html`<p class="govuk-body">An officer or an administrator signs in once, while the tablet is online, to set it up for an event.</p><a class="govuk-button" role="button" href="/login?next=${next}">Sign in</a>`
    : html`${problem(error)}${button('set-up', 'Try again')}`
  return framed(title, html`${heading(title)}${main}`, device ? back : {})
}

export function office (state) {
  const { device, queue, storage, syncError, mode, clock, bundle, app } = state
  const title = `${device.name}: ${queue.waiting.length} waiting`
  return framed(title, html`${heading(title)}${syncError && problem(syncError)}${clockWarning(clock)}
${device.event && html`<p class="govuk-body">${device.event.place}, ${device.event.held_on}. Saved on this tablet today: <strong>${queue.today}</strong>.</p>`}
${summary([
    ['Waiting to be sent', queue.waiting.length],
    ['Oldest of them', queue.oldest ? `${age(queue.oldest)} old (${time(queue.oldest)})` : 'nothing waits'],
    ['Last success', time(queue.lastSuccess)],
    ['Storage left', storageLeft(storage)],
    ['Kept when space is short', storage.persisted ? 'yes' : 'not promised by this browser: send often'],
    ['Questions fetched', bundle ? `${time(bundle.fetched_at)}: ${bundle.surveys.map(each => each.wave).join(', ')}` : 'not yet'],
    ['Version of this page', app],
  ])}
<div class="govuk-button-group">${button('sync', 'Send now')}${button('export', 'Save the queue as a file', 'govuk-button--secondary')}</div>
${queue.marked.length > 0 && marked(queue.marked)}
<h2 class="govuk-heading-m">How people answer</h2><p class="govuk-body">Now: <strong>${mode === 'interpreter' ? 'with an interpreter' : 'the tablet is handed over'}</strong>.</p>
<div class="govuk-button-group">${mode === 'interpreter' ? button('hand-over', 'Hand the tablet over', 'govuk-button--secondary') : button('interpreter', 'Interpret: English and the language side by side', 'govuk-button--secondary')}${button('set-up', 'Set up again or change the event', 'govuk-button--secondary')}</div>
${button('lock', 'Lock and go to the first page')}`)
}

const summary = rows => html`<dl class="govuk-summary-list">${rows.map(([name, value]) =>
  html`<div class="govuk-summary-list__row govuk-summary-list__row--no-actions"><dt class="govuk-summary-list__key">${name}</dt><dd class="govuk-summary-list__value">${value}</dd></div>`)}</dl>`

function clockWarning (offset) {
  if (!offset || Math.abs(offset) < 120_000) return ''
  return html`<p class="govuk-inset-text">The clock of this tablet is ${age(Date.now() - Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead'}. Nothing is lost by that, but set it right in the tablet’s settings.</p>`
}

function storageLeft ({ quota, usage }) {
  if (!quota) return 'not told by this browser'
  return `${((quota - usage) / 1_000_000).toLocaleString('en-GB', { maximumFractionDigits: 0 })} MB`
}

const STATES = {
  rejected: 'The server could not take it as it is',
  conflict: 'The server holds another response with this number',
  refused: 'It could not be sent',
}

// What did not go through stays, and says why; once the server keeps it too it may be let go.
function marked (items) {
  return html`<h2 class="govuk-heading-m">Needs a look: ${items.length}</h2><ul class="govuk-list tablet-marked">${items.map(item => html`<li><p class="govuk-body"><strong>${STATES[item.state]}</strong><br>
Number ${ltr(item.id)} of ${item.wave}, given ${time(item.given_at)}; the answer came ${time(item.at)}.<br>${item.reason}</p>
<div class="govuk-button-group">${item.state !== 'refused' && dismissal(item)}
<button type="button" class="govuk-button govuk-button--secondary" data-do="retry" data-id="${item.id}">Send again</button></div></li>`)}</ul>`
}

const dismissal = item => html`<button type="button" class="govuk-button govuk-button--secondary" data-do="dismiss" data-id="${item.id}">Take it off the tablet: the server keeps it for staff</button>`

export function stopped (title, text, remedy) {
  return framed(title, html`<div class="govuk-error-summary" role="alert"><h1 class="govuk-error-summary__title">${title}</h1><p class="govuk-body">${text}</p><p class="govuk-body">${remedy}</p></div>${button('reload', 'Try again')}`)
}

// Always in sight of the officer: how many wait, and the way to the staff pages.
export const bar = (waiting, { problem, mode, staff }) => html`<span>Waiting on this tablet: <strong id="waiting">${waiting}</strong>${mode === 'interpreter' && ' · with an interpreter'}${problem && html` · <strong class="tablet-bar__problem">${problem}</strong>`}</span>
${staff && html`<button type="button" class="govuk-button govuk-button--secondary" data-do="staff">Staff</button>`}`

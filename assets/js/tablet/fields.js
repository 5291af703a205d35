// Each kind of question as a form: the same markup as app/templates/fields.
import { html, plain } from './html.js'
import { KINDS, NONE_OF_THESE } from './kinds.js'
import { optionsSeen } from './shuffle.js'
import { putAmounts } from './words.js'

// A question as it is drawn: with the stored answers, or with what was typed and what is wrong with it.
export function viewOf (question, page, words, filling, reading) {
  const kind = KINDS[question.kind]
  const shown = reading?.typed ?? filling.answers
  let options = optionsSeen(question, filling.orders, filling.answers)
  if (question.kind === 'amount_by_band') options = options.map(option => kind.forBand(option, filling.answers[question.band], putAmounts))
  let value = shown[question.key]
  if (question.kind === 'order' && Array.isArray(value)) {
    options = [...options].sort((a, b) => value.indexOf(a.key) - value.indexOf(b.key))
    value = Object.fromEntries(value.map((key, index) => [key, String(index + 1)]))
  }
  const named = { ...words.offScale, [NONE_OF_THESE]: question.none_of_these || words.offScale.none }
  const apart = kind.offScale(question).map(key => ({ key, text: named[key] }))
  const problems = (reading?.problems ?? []).filter(problem => problem.question === question.key)
  return {
    question,
    words,
    options,
    apart,
    value,
    name: question.key,
    heading: page.single,
    written: shown[`${question.key}_text`],
    errors: problems.map(problem => ({ text: words.problem(problem, question, options), anchor: anchor(problem, question, options) })),
  }
}

function anchor ({ code, part }, question, options) {
  if (part === 'text' || code === 'companion_alone') return `${question.key}_text`
  if (question.kind === 'scale_group') return `${question.key}.${part || question.rows[0].key}`
  if (question.kind === 'order' && options.length) return `${question.key}.${part || options[0].key}`
  return question.key
}

export const field = view => CONTROLS[view.question.kind](view)

const asked = ({ question, words }) => question.required ? question.text : words.say('optional', { question: question.text })
const describedBy = ids => ids.length ? html` aria-describedby="${ids.join(' ')}"` : ''
const formGroup = wrong => `govuk-form-group${wrong ? ' govuk-form-group--error' : ''}`
const numbered = (id, index) => index ? `${id}-${index + 1}` : id

function errorLine (words, id, text) {
  return html`<p id="${id}" class="govuk-error-message"><span class="govuk-visually-hidden">${words.say('error')}</span> ${text}</p>`
}

const errorsAt = (view, at) => view.errors.filter(error => error.anchor === at)
  .map((error, index) => errorLine(view.words, numbered(`${at}-error`, index), error.text))

function errorsBut (view, elsewhere) {
  return view.errors.filter(error => !elsewhere.includes(error.anchor))
    .map((error, index) => errorLine(view.words, numbered(`${view.name}-error`, index), error.text))
}

const wrongAt = (view, at) => view.errors.some(error => error.anchor === at)
const hint = ({ question, name }) => question.hint && html`<div id="${name}-hint" class="govuk-hint">${question.hint}</div>`

function why ({ question, words }) {
  return question.why && html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${words.say('why')}</span></summary><div class="govuk-details__text">${question.why}</div></details>`
}

function legend (view) {
  const text = view.heading ? html`<h1 class="govuk-fieldset__heading">${asked(view)}</h1>` : asked(view)
  return html`<legend class="govuk-fieldset__legend govuk-fieldset__legend--${view.heading ? 'l' : 'm'}">${text}</legend>`
}

function label (view) {
  if (!view.heading) return html`<label class="govuk-label govuk-label--m" for="${view.name}">${asked(view)}</label>`
  return html`<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--l" for="${view.name}">${asked(view)}</label></h1>`
}

function group (view, elsewhere, inside, id) {
  const own = view.errors.some(error => !elsewhere.includes(error.anchor))
  const ids = [...(view.question.hint ? [`${view.name}-hint`] : []), ...(own ? [`${view.name}-error`] : [])]
  return html`<div class="${formGroup(own)}"${id && html` id="${id}" tabindex="-1"`}><fieldset class="govuk-fieldset"${describedBy(ids)}>
${legend(view)}${hint(view)}${errorsBut(view, elsewhere)}${why(view)}${inside}</fieldset></div>`
}

function item (component, name, id, option, chosen, exclusive) {
  const type = component === 'radios' ? 'radio' : 'checkbox'
  return html`<div class="govuk-${component}__item">
<input class="govuk-${component}__input" id="${id}" name="${name}" type="${type}" value="${option.key}"${chosen && html` checked`}${option.hint && html` aria-describedby="${id}-item-hint"`}${exclusive && html` data-exclusive`}>
<label class="govuk-label govuk-${component}__label" for="${id}">${option.text}</label>${option.hint && html`<div id="${id}-item-hint" class="govuk-hint govuk-${component}__hint">${option.hint}</div>`}</div>`
}

const divider = (words, component) => html`<div class="govuk-${component}__divider">${words.say('or')}</div>`

function writeIn (view, component) {
  const id = `${view.name}_text`
  const wrong = wrongAt(view, id)
  return html`<div class="govuk-${component}__conditional site-write-in"><div class="${formGroup(wrong)}">
<label class="govuk-label" for="${id}">${view.words.say('own_words')}</label>${errorsAt(view, id)}
<input class="govuk-input${wrong ? ' govuk-input--error' : ''}" id="${id}" name="${id}" type="text" dir="auto" autocomplete="off" value="${view.written ?? ''}"${describedBy(wrong ? [`${id}-error`] : [])}></div></div>`
}

function items (view, component, name, isChosen) {
  const apart = view.apart.map((option, index) =>
    item(component, name, `${name}-${view.options.length + 2 + index}`, option, isChosen(option.key), component === 'checkboxes'))
  return [
    view.options.map((option, index) => [
      item(component, name, numbered(name, index), option, isChosen(option.key)),
      option.write_in && writeIn(view, component),
    ]),
    apart.length > 0 && [divider(view.words, component), apart],
  ]
}

const radios = (view, name, value) => html`<div class="govuk-radios">${items(view, 'radios', name, key => key === value)}</div>`
const oneOf = view => group(view, [`${view.name}_text`], radios(view, view.name, view.value))

function several (view) {
  const { name, words, question: { at_most: most } } = view
  const counts = most && html` data-at-most="${most}" data-live="${name}-live" data-chosen="${words.open('chosen', { most })}" data-too-many="${words.open('too_many', { most })}"`
  const chosen = Array.isArray(view.value) ? view.value : []
  return group(view, [`${name}_text`], html`<div class="govuk-checkboxes"${counts}>${items(view, 'checkboxes', name, key => chosen.includes(key))}</div>
${most && html`<p class="govuk-hint site-live" id="${name}-live" aria-live="polite"></p>`}`)
}

function scaleGroup (view) {
  const rows = view.question.rows.map(row => {
    const name = `${view.name}.${row.key}`
    const wrong = wrongAt(view, name)
    return html`<div class="${formGroup(wrong)} site-row"><fieldset class="govuk-fieldset"${describedBy(wrong ? [`${name}-error`] : [])}>
<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${row.text}</legend>${errorsAt(view, name)}
${radios({ ...view, written: '' }, name, view.value?.[row.key])}</fieldset></div>`
  })
  return group(view, view.question.rows.map(row => `${view.name}.${row.key}`), rows, view.name)
}

function order (view) {
  const { name, words, options } = view
  const texts = { up: 'up', down: 'down', moved: 'moved', keep: 'keep_order', kept: 'order_kept', clear: 'clear_order', cleared: 'order_cleared' }
  const data = Object.entries(texts).map(([attribute, key]) => html` data-${attribute}="${words.open(key)}"`)
  const places = options.map((_, index) => String(index + 1))
  const rows = options.map(option => {
    const id = `${name}.${option.key}`
    const wrong = wrongAt(view, id)
    const given = view.value?.[option.key]
    return html`<li class="site-order__item"><label class="govuk-label" for="${id}">${option.text}</label>${errorsAt(view, id)}
<select class="govuk-select${wrong ? ' govuk-select--error' : ''}" id="${id}" name="${id}" autocomplete="off"${describedBy(wrong ? [`${id}-error`] : [])}>
<option value=""></option>${places.map(place => html`<option value="${place}"${place === String(given) && html` selected`}>${place}</option>`)}</select></li>`
  })
  return group(view, options.map(option => `${name}.${option.key}`), html`<p class="govuk-body">${words.say('gate.order_needed')}</p>
<ol class="site-order" id="${name}-list" data-order${data}>${rows}</ol>
<div class="site-order__tools" id="${name}-list-tools"></div><p class="govuk-visually-hidden" id="${name}-list-live" aria-live="assertive"></p>${apartBoxes(view)}`, name)
}

function apartBoxes (view) {
  const name = `${view.name}.apart`
  return view.apart.length > 0 && html`<div class="govuk-checkboxes site-apart">${divider(view.words, 'checkboxes')}
${view.apart.map((option, index) => item('checkboxes', name, numbered(name, index), option, view.value === option.key, true))}</div>`
}

const typedIn = view => view.value === undefined || view.apart.some(option => option.key === view.value) ? '' : view.value

function number (view) {
  const { name, question } = view
  const ids = [question.hint && `${name}-hint`, view.errors.length && `${name}-error`, question.unit && `${name}-unit`].filter(Boolean)
  return html`<div class="${formGroup(view.errors.length)}">${label(view)}${hint(view)}${errorsBut(view, [])}${why(view)}
<div class="govuk-input__wrapper"><input class="govuk-input govuk-input--width-5${view.errors.length ? ' govuk-input--error' : ''}" id="${name}" name="${name}" type="text" inputmode="numeric" dir="ltr" autocomplete="off" spellcheck="false" value="${typedIn(view)}"${describedBy(ids)}>${question.unit && html`<div class="govuk-input__suffix" id="${name}-unit">${question.unit}</div>`}</div>${apartBoxes(view)}</div>`
}

// Without signal there is no postcode to look up: the district is chosen, and the hint that speaks of it is left out.
function area (asked) {
  const view = { ...asked, question: { ...asked.question, hint: '' } }
  const wrong = view.errors.length > 0
  return group(view, [view.name], html`<div class="${formGroup(wrong)}"><fieldset class="govuk-fieldset"${describedBy(wrong ? [`${view.name}-error`] : [])}>
<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${view.words.say('choose_district')}</legend>${errorsAt(view, view.name)}${radios(view, view.name, view.value)}</fieldset></div>`)
}

function text (view) {
  const { name, question, words } = view
  const long = question.lines !== 1
  const most = question.max_length
  const wrong = view.errors.length ? 'error' : ''
  const ids = [question.hint && `${name}-hint`, long && `${name}-readers`, wrong && `${name}-error`, long && most && `${name}-info`].filter(Boolean)
  const one = html`<input class="govuk-input${wrong && ' govuk-input--error'}" id="${name}" name="${name}" type="text" dir="auto" autocomplete="off" value="${typedIn(view)}"${describedBy(ids)}>`
  const many = html`<textarea class="govuk-textarea${wrong && ' govuk-textarea--error'}" id="${name}" name="${name}" rows="${question.lines}" dir="auto" autocomplete="off"${describedBy(ids)} data-max-length="${most}" data-left="${words.open('characters_left')}" data-over="${words.open('characters_over')}">
${typedIn(view)}</textarea><div id="${name}-info" class="govuk-hint govuk-character-count__message">${words.say('most_characters', { most })}</div><div id="${name}-live" class="govuk-visually-hidden" aria-live="polite"></div>`
  return html`<div class="${formGroup(wrong)}">${label(view)}${hint(view)}${long && html`<div id="${name}-readers" class="govuk-hint">${words.say('readers')}</div>`}${errorsBut(view, [])}${why(view)}${long ? many : one}${apartBoxes(view)}</div>`
}

const CONTROLS = { one_of: oneOf, scale: oneOf, amount_by_band: oneOf, several, scale_group: scaleGroup, order, number, area, text }

export function errorSummary (words, errors) {
  return errors.length > 0 && html`<div class="govuk-error-summary" tabindex="-1" role="alert" aria-labelledby="error-summary-title">
<h2 class="govuk-error-summary__title" id="error-summary-title">${words.say('there_is_a_problem')}</h2>
<div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">${errors.map(error => html`<li><a href="#${error.anchor}" aria-label="${plain(error.text)}">${error.text}</a></li>`)}</ul></div></div>`
}

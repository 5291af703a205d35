// The one page of the tablet: what is on it is drawn here, and everything of before is gone from it.
import { watchCounts } from '../counts.js'
import { keepExclusive } from '../exclusive.js'
import { orderLists } from '../order.js'
import { html, plain } from './html.js'
import { named } from './words.js'

const root = document.getElementById('tablet')
let actions = {}
let busy = false

// Draw a page. `actions` are what its buttons and forms name in `data-do`.
export async function show (page) {
  await direct(page.language ?? 'en', page.direction ?? 'ltr')
  actions = page.actions ?? {}
  document.title = plain(page.title)
  root.innerHTML = frame(page)
  orderLists()
  keepExclusive()
  watchCounts()
  scrollTo(0, 0)
  const first = root.querySelector('.govuk-error-summary') ?? root.querySelector('h1')
  if (!first.hasAttribute('tabindex')) first.tabIndex = -1
  first.focus({ preventScroll: true })
}

// Change a part of the page at hand, without moving anybody's focus.
export function put (id, content) {
  const part = document.getElementById(id)
  if (part) part.innerHTML = String(content)
}

function frame ({ words, product, languages = [], language, back, main, footer, bar }) {
  return String(html`
<header class="site-header"><div class="govuk-width-container"><p class="site-header__name">${product}</p></div></header>
${languages.length > 0 && html`<div class="govuk-width-container"><nav class="site-languages" aria-label="${plain(words.say('language'))}"><ul>${languages.map(code => languageItem(words, code, language))}</ul></nav></div>`}
<div class="govuk-width-container">
${back && html`<nav aria-label="${words ? plain(words.say('way_back')) : 'Way back'}"><button type="button" class="govuk-back-link tablet-back" data-do="back">${back}</button></nav>`}
<main class="govuk-main-wrapper" id="main-content">${main}</main></div>
<footer class="site-footer"><div class="govuk-width-container">${footer}<div class="tablet-bar" id="bar" lang="en" dir="ltr">${bar}</div></div></footer>`)
}

function languageItem (words, code, current) {
  const language = words.bundle.languages[code]
  if (code === current) return html`<li><span aria-current="true" lang="${code}" dir="${language.direction}">${language.autonym}</span></li>`
  return html`<li><button type="button" class="site-link-button" data-do="language" data-language="${code}">${named(language, code)}</button></li>`
}

// The style sheet of the other direction is put in place before the page turns round.
async function direct (language, direction) {
  const page = document.documentElement
  const sheet = document.getElementById('style')
  if (page.dir !== direction) {
    const other = sheet.cloneNode()
    other.href = sheet.dataset[direction]
    await new Promise(resolve => {
      other.onload = other.onerror = resolve
      sheet.after(other)
    })
    sheet.remove()
  }
  Object.assign(page, { lang: language, dir: direction })
}

// One thing at a time: a second press while the first is being done is swallowed.
async function run (element, event) {
  const action = actions[element.dataset.do]
  if (!action || busy) return
  busy = true
  try {
    await action(element, event)
  } finally {
    busy = false
  }
}

root.addEventListener('click', event => {
  const element = event.target.closest('[data-do]:not(form)')
  if (element) run(element, event)
  const link = event.target.closest('.govuk-error-summary a')
  if (link) {
    event.preventDefault()
    document.getElementById(link.hash.slice(1))?.focus()
  }
})

root.addEventListener('submit', event => {
  event.preventDefault()
  run(event.target, event)
})

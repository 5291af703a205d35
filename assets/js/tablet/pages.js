// What a resident sees, page by page: the texts and forms, as in app/templates/resident.
import { errorSummary, field, viewOf } from './fields.js'
import { Pair, html, joined, ltr, plain } from './html.js'
import { named } from './words.js'

// What all pages of residents have around their content.
function framed (words, title, main, more = {}) {
  const { language, direction, bundle } = words
  const footer = html`<div class="site-footer__help"><p>${words.police}</p></div>
${language !== 'en' && html`<p>${words.say('authoritative')}</p>`}${!bundle.languages[language]?.reviewed && html`<p>${words.say('draft')}</p>`}`
  return { words, language, direction, title, main, footer, product: words.say('product'), ...more }
}

const ASKED = 'Choose your language'
const heading = text => html`<h1 class="govuk-heading-l">${text}</h1>`
const paragraph = text => text && html`<p class="govuk-body">${text}</p>`
const button = (doing, text, more = '') => html`<button type="button" class="govuk-button ${more}" data-do="${doing}">${text}</button>`
const back = words => ({ back: words.say('back') })

// The first page asks in every language: whoever reads no English finds their own line. A bundle from before has none.
export function home (words, codes) {
  const { bundle } = words
  const titles = codes.map(code => html`<li><button type="button" class="govuk-button govuk-button--secondary tablet-choice" data-do="language" data-language="${code}">${named(bundle.languages[code], code)}</button></li>`)
  const others = codes.filter(code => code !== 'en' && bundle.interface[code]?.choose_language)
  const asked = others.map(code => html`<li lang="${code}" dir="${bundle.languages[code].direction}">${bundle.interface[code].choose_language}</li>`)
  return framed(words, ASKED, html`${heading(ASKED)}${asked.length > 0 && html`<ul class="govuk-list tablet-asked">${asked}</ul>`}<ul class="govuk-list tablet-choices">${titles}</ul>`)
}

export function choice (words, surveys, codes) {
  const title = words.say('choose_survey')
  const found = surveys.map(({ survey, definition }) => html`<li class="tablet-survey"><button type="button" class="govuk-button tablet-choice" data-do="survey" data-wave="${survey.wave}">${definition.title}</button>
<p class="govuk-body">${definition.about}</p>${paragraph(words.say('minutes', { num: definition.minutes }))}</li>`)
  return framed(words, title, html`${heading(title)}${found.length ? html`<ul class="govuk-list">${found}</ul>` : html`<p class="govuk-inset-text">${words.say('no_survey')}</p>`}`, { languages: codes, ...back(words) })
}

export function start (words, definition) {
  const point = key => html`<li>${words.say(key)}</li>`
  const about = key => html`<h2 class="govuk-heading-m">${words.say(key)}</h2>${paragraph(words.say(`${key}_text`))}`
  return framed(words, definition.title, html`${heading(definition.title)}<p class="govuk-body-l">${definition.about}</p>${paragraph(definition.purpose)}
<ul class="govuk-list govuk-list--bullet"><li>${words.say('minutes', { num: definition.minutes })}</li>${point('stop_any')}${point('skip_any')}</ul>
${about('who_sees')}${paragraph(words.say('locked'))}${about('crimes')}${paragraph(words.say('agree'))}
${button('start', words.say('start'), 'govuk-button--start')}`, { languages: definition.languages, ...back(words) })
}

export function question (filling, page, [step, steps], { reading, changing }) {
  const { words } = filling
  const definition = words.definition(filling.survey)
  const here = inLanguage(definition, page)
  const views = here.questions.map(each => viewOf(each, page, words, filling, reading))
  const errors = views.flatMap(view => view.errors)
  const title = words.say('step', { step, steps })
  const { section } = here
  const intro = section.intro && (!page.single || section.questions[0].key === page.key) && html`<p class="govuk-body">${section.intro}</p>`
  return framed(words, errors.length ? [words.say('error'), ' ', title].map(plain).join('') : title, html`${errorSummary(words, errors)}
<p class="govuk-caption-l">${section.title}<br>${title}</p>
<form data-do="answer" data-changing="${changing ? 'yes' : ''}" autocomplete="off" novalidate>${!page.single && heading(section.title)}${intro}${views.map(field)}
<button class="govuk-button">${words.say('next')}</button></form>${stopLink(words)}`, { languages: filling.survey.languages, ...back(words) })
}

function inLanguage (definition, page) {
  const section = definition.sections.find(each => each.key === page.section.key)
  const keys = page.questions.map(each => each.key)
  return { section, questions: section.questions.filter(each => keys.includes(each.key)) }
}

const stopLink = words => html`<p class="govuk-body"><button type="button" class="site-link-button tablet-link" data-do="stop">${words.say('stop')}</button></p>`

export function stop (words) {
  const title = words.say('stop_title')
  return framed(words, title, html`${heading(title)}${paragraph(words.say('stop_text'))}
<div class="govuk-button-group">${button('erase', words.say('stop_yes'), 'govuk-button--warning')}${button('back', words.say('stop_no'), 'govuk-button--secondary')}</div>`)
}

// All answers of one stage in words, by section, each with a way to change it.
function answersOf (filling, afterCheck) {
  const { words, answers } = filling
  const definition = words.definition(filling.survey)
  const sections = new Map()
  for (const page of filling.route.filter(each => each.afterCheck === afterCheck)) {
    const { section, questions } = inLanguage(definition, page)
    sections.set(section, [...(sections.get(section) ?? []), ...questions.map(each => row(words, page, each, words.said(each, answers)))])
  }
  return [...sections].map(([section, rows]) => html`<h2 class="govuk-heading-m">${section.title}</h2><dl class="govuk-summary-list">${rows}</dl>`)
}

function row (words, page, { text }, said) {
  const answer = parts => {
    const each = joined(parts)
    return each instanceof Pair ? each : html`<bdi class="site-answer">${each}</bdi>`
  }
  const value = said.length > 1 ? html`<ul class="govuk-list">${said.map(each => html`<li>${answer(each)}</li>`)}</ul>`
    : said.length ? answer(said[0]) : html`<span class="site-muted">${words.say('not_answered')}</span>`
  return html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${text}</dt><dd class="govuk-summary-list__value">${value}</dd>
<dd class="govuk-summary-list__actions"><button type="button" class="site-link-button tablet-link" data-do="change" data-page="${page.key}">${words.say('change')}<span class="govuk-visually-hidden"> ${text}</span></button></dd></div>`
}

export function checkAnswers (filling) {
  const { words } = filling
  const title = words.say('check')
  return framed(words, title, html`${heading(title)}${answersOf(filling, false)}${paragraph(words.say('not_sent'))}${button('onwards', words.say('these_are_right'))}${stopLink(words)}`,
    { languages: filling.survey.languages, ...back(words) })
}

export function send (filling) {
  const { words } = filling
  const title = words.say('send_title')
  return framed(words, title, html`${heading(title)}${answersOf(filling, true)}
<p class="govuk-body"><button type="button" class="site-link-button tablet-link" data-do="check">${words.say('check_again')}</button></p>
${paragraph(words.say('receipt_comes'))}${paragraph(words.say('locked'))}${button('send', words.say('send'))}${stopLink(words)}`,
  { languages: filling.survey.languages, ...back(words) })
}

export function cannotSave (words, full) {
  const title = words.say('cannot_save')
  return framed(words, title, html`<div class="govuk-error-summary" role="alert"><h1 class="govuk-error-summary__title">${title}</h1>
<p class="govuk-body">${words.say(full ? 'full' : 'not_saved')}</p><p class="govuk-body">${words.say('call_staff')}</p></div>${button('again', words.say('try_again'))}
<p class="govuk-body" lang="en" dir="ltr">Staff: ${full ? 'free some space on this tablet (photos, downloads, other apps), or connect it so that it can send what waits.' : 'close other apps and try again.'} Then press the button above. Leave this page open: these answers are not yet kept.</p>`)
}

export function thanks (words, receipt) {
  const title = words.say('thanks')
  return framed(words, title, html`<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">${title}</h1>
<div class="govuk-panel__body">${words.say('receipt')}<br><strong class="tablet-code">${ltr(receipt)}</strong></div></div>
${paragraph(words.say('receipt_text'))}${paragraph(words.say('receipt_works', { address: ltr(`${location.host}/${words.language}/your-answers`) }))}${clearing(words)}`)
}

const clearing = words => html`${paragraph(words.say('hand_back'))}<p class="govuk-body" id="clears" aria-live="off"></p>
<div class="govuk-button-group">${button('done', words.say('done'))}${button('longer', words.say('more_time'), 'govuk-button--secondary')}</div>`

export function ended (words, ending) {
  const lines = words.bundle.support.map(line => html`<div class="govuk-summary-list__row govuk-summary-list__row--no-actions"><dt class="govuk-summary-list__key"><span lang="en" dir="ltr">${line.name}</span></dt>
<dd class="govuk-summary-list__value">${ltr(line.number)}<br>${line.about[words.language] ?? line.about.en}</dd></div>`)
  return framed(words, ending.title, html`${heading(ending.title)}${paragraph(ending.text)}${paragraph(words.say('nothing_kept'))}
<h2 class="govuk-heading-m">${words.say('help')}</h2><dl class="govuk-summary-list">${lines}</dl>${clearing(words)}`)
}

export function closed (words) {
  const title = words.say('closed')
  return framed(words, title, html`${heading(title)}${paragraph(words.say('nothing_kept'))}${button('done', words.say('next'))}`)
}

export const secondsLeft = (words, seconds) => String(html`${words.say('clears', { count: seconds })}`)

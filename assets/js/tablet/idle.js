// Closes what nobody uses any more, after a warning that can be answered (WCAG 2.2.1). Clock time decides, not timers.
import { html, plain } from './html.js'

const SIGNS = ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove']
const dialog = document.getElementById('idle')
let watch

for (const sign of SIGNS) addEventListener(sign, () => { if (watch && !dialog.open) watch.end = Date.now() + watch.seconds * 1000 }, { passive: true, capture: true })

// Watch until `over` is due: `seconds` without a sign of life, the last `warning` of them with a question.
export function watchIdle (words, seconds, warning, over) {
  stopWatching()
  watch = { words, seconds, warning, over, end: Date.now() + seconds * 1000 }
  watch.timer = setInterval(look, 500)
}

export function stopWatching () {
  if (watch) clearInterval(watch.timer)
  watch = undefined
  if (dialog.open) dialog.close()
}

function look () {
  const left = Math.ceil((watch.end - Date.now()) / 1000)
  if (left <= 0) {
    const { over } = watch
    stopWatching()
    return over()
  }
  if (left > watch.warning) return
  if (!dialog.open) ask()
  dialog.querySelector('[data-clock]').textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}

function ask () {
  const { words } = watch
  dialog.innerHTML = String(html`<h2 class="govuk-heading-m" id="idle-title">${words.say('still_there')}</h2><p class="govuk-body" id="idle-text">${words.say('closing')}</p>
<p class="govuk-body" aria-hidden="true">${words.say('time_left')} <bdi dir="ltr" data-clock></bdi></p><button type="button" class="govuk-button">${words.say('stay')}</button>`)
  dialog.setAttribute('aria-label', plain(words.say('still_there')))
  dialog.showModal()
  dialog.querySelector('button').focus()
}

function stay () {
  if (watch) watch.end = Date.now() + watch.seconds * 1000
  if (dialog.open) dialog.close()
}

dialog.addEventListener('click', event => { if (event.target.closest('button')) stay() })
dialog.addEventListener('cancel', event => {
  event.preventDefault()
  stay()
})

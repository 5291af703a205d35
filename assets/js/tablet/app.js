// What happens on the tablet: from the first page through a response to its receipt, and the officers' way in and out.
import { isFull, kept } from './database.js'
import { Filling } from './filling.js'
import { holdBack, onBack } from './history.js'
import { stopWatching, watchIdle } from './idle.js'
import { progress } from './journey.js'
import { bar } from './office.js'
import * as office from './officer.js'
import * as pages from './pages.js'
import * as queue from './queue.js'
import { put, show } from './screen.js'
import { openSurveys, refresh } from './setup.js'
import { onState } from './sync.js'
import * as upgrade from './upgrade.js'
import { Words } from './words.js'

const IDLE = { hand_over: [120, 30], interpreter: [600, 60] }
const CLEARS = 30
const ENGLISH = ['en']

export const now = { mode: 'hand_over', bundle: undefined, filling: undefined, problem: undefined }
let place = {}
let clearing

const languages = () => [...new Set([...ENGLISH, ...Object.keys(now.bundle.languages)])]
const wordsIn = language => new Words(now.bundle, language, now.mode === 'interpreter')

// Draw a page, with the count of what waits; `back` leads one step back.
export async function go (page, actions = {}, { staff = false } = {}) {
  place = { back: actions.back, staff }
  onBack(() => { if (!now.filling) return false; place.back?.(); return true })
  await show({ ...page, bar: await barNow(), actions: { staff: office.enter, reload: () => location.reload(), ...actions } })
}

async function barNow () {
  const waiting = await queue.count().catch(() => '?')
  return bar(waiting, { problem: now.problem, mode: now.mode, staff: place.staff })
}

const refreshBar = async () => put('bar', await barNow())

queue.onChange(refreshBar)
onState(({ state, code }) => {
  now.problem = state === 'failed' && code !== 'offline' ? 'Sending has a problem: see the staff pages' : undefined
  refreshBar()
})

// The first page: nothing of anybody is on it, or anywhere else in the open.
export async function begin () {
  clearInterval(clearing)
  stopWatching()
  now.filling?.forget()
  now.filling = undefined
  upgrade.free()
  now.bundle = await kept('bundle')
  if (!now.bundle) return office.setUp()
  if (languages().length === 1) return choose('en')
  await go(pages.home(wordsIn('en'), languages()), { language: element => choose(element.dataset.language) }, { staff: true })
}

async function choose (language) {
  watch(wordsIn(language), begin)
  holdBack()
  const words = wordsIn(language)
  const found = await openSurveys(now.bundle)
  const surveys = found.map(survey => ({ survey, definition: words.definition(survey) }))
  if (!found.length) refresh().catch(() => {})
  await go(pages.choice(words, surveys, languages()), {
    back: begin,
    language: element => choose(element.dataset.language),
    survey: element => start(found.find(survey => survey.wave === element.dataset.wave), language),
  }, { staff: true })
}

async function start (survey, language) {
  const words = wordsIn(survey.languages.includes(language) ? language : 'en')
  await go(pages.start(words, words.definition(survey)), {
    back: () => choose(language),
    language: element => start(survey, element.dataset.language),
    start: () => fill(survey, words.language),
  })
}

async function fill (survey, language) {
  upgrade.busy()
  now.filling = await Filling.begin(now.bundle, survey, now.mode, language)
  watch(now.filling.words, closeForPrivacy)
  await ask(now.filling.route[0].key)
}

// Ask one page: with what is stored, or with what was typed and is wrong.
async function ask (key, { reading, changing = false } = {}) {
  const { filling } = now
  const page = filling.page(key)
  if (!page) return checkAll()
  await go(pages.question(filling, page, progress(filling.route, page), { reading, changing }), {
    back: () => before(page, changing),
    answer: form => answer(page, new FormData(form), changing),
    language: element => speak(element.dataset.language, () => ask(key, { reading: typed(page), changing })),
    stop: () => stop(again(key, { reading: typed(page), changing })),
  })
}

const again = (key, how) => () => ask(key, how)

// What stands in the form at this moment, not yet judged.
function typed (page) {
  const form = document.querySelector('form[data-do=answer]')
  return form ? { ...now.filling.read(page, new FormData(form)), problems: [] } : undefined
}

// Go on in another language; `again` draws the page at hand anew.
async function speak (language, again) {
  now.filling.language = language
  watch(now.filling.words, closeForPrivacy)
  await again()
}

function before (page, changing) {
  const { route } = now.filling
  if (changing) return page.afterCheck ? sendAll() : checkAll()
  const previous = route[route.findIndex(each => each.key === page.key) - 1]
  if (!previous) return stop(() => ask(page.key))
  return previous.afterCheck === page.afterCheck ? ask(previous.key) : checkAll()
}

async function answer (page, form, changing) {
  const { filling } = now
  const reading = filling.read(page, form)
  if (reading.problems.length) return ask(page.key, { reading, changing })
  const { ending, step } = filling.take(page, reading, changing)
  if (ending) return end(ending)
  return goTo(step)
}

function goTo (step) {
  return step === 'check' ? checkAll() : step === 'send' ? sendAll() : ask(step)
}

async function checkAll () {
  const { filling } = now
  const left = filling.unfinished(false)
  if (left) return ask(left.key)
  const after = filling.route.find(page => page.afterCheck)
  await go(pages.checkAnswers(filling), {
    back: () => ask(filling.route.filter(page => !page.afterCheck).at(-1).key),
    change: element => ask(element.dataset.page, { changing: true }),
    onwards: () => goTo(after?.key ?? 'send'),
    language: element => speak(element.dataset.language, checkAll),
    stop: () => stop(checkAll),
  })
}

async function sendAll () {
  const { filling } = now
  const left = filling.unfinished(false) ?? filling.unfinished(true)
  if (left) return ask(left.key)
  const last = filling.route.at(-1)
  await go(pages.send(filling), {
    back: () => last.afterCheck ? ask(last.key) : checkAll(),
    check: checkAll,
    change: element => ask(element.dataset.page, { changing: true }),
    send: save,
    language: element => speak(element.dataset.language, sendAll),
    stop: () => stop(sendAll),
  })
}

// Seal and keep; where that fails nothing is lost, and the page says so until it works.
async function save () {
  const { filling } = now
  const { words, receipt } = filling
  try {
    await filling.save()
  } catch (error) {
    stopWatching()
    console.warn('Not saved:', error.name)
    return go(pages.cannotSave(words, isFull(error)), { again: save, back: undefined })
  }
  now.filling = undefined
  await go(pages.thanks(words, receipt), clearsItself(words))
  office.send()
}

// Somebody whom the survey does not ask: nothing is kept.
async function end (ending) {
  const { words, survey } = now.filling
  now.filling.forget()
  now.filling = undefined
  const own = words.definition(survey).endings.find(each => each.key === ending.key)
  await go(pages.ended(words, own), clearsItself(words))
}

const stop = again => go(pages.stop(now.filling.words), { back: again, erase: begin })

async function closeForPrivacy () {
  const { words } = now.filling
  now.filling.forget()
  now.filling = undefined
  upgrade.free()
  await go(pages.closed(words), { done: begin })
  watch(words, begin)
}

// The last page goes by itself; who needs longer says so, as often as needed.
function clearsItself (words) {
  stopWatching()
  upgrade.free()
  clearInterval(clearing)
  let until = Date.now() + CLEARS * 1000
  clearing = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000)
    if (left <= 0) begin()
    else put('clears', pages.secondsLeft(words, left))
  }, 500)
  return { done: begin, longer: () => { until = Date.now() + 4 * CLEARS * 1000 } }
}

function watch (words, over) {
  const [seconds, warning] = IDLE[now.mode]
  watchIdle(words, seconds, warning, over)
}

export async function setMode (mode) {
  now.mode = mode
  await begin()
}

// A closed tab would take an unfinished response along.
addEventListener('beforeunload', event => { if (Object.keys(now.filling?.answers ?? {}).length) event.preventDefault() })

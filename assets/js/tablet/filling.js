// One response while it is filled in: it lives in memory only, until it is sealed.
import { check, checkQuestion, onRoute, questionsOf } from './definition.js'
import { KINDS } from './kinds.js'
import { endingOf, firstUnfinished, nextStep, pages, settled } from './journey.js'
import * as queue from './queue.js'
import { newSeed, receiptCode, sealed } from './seal.js'
import { ordersOf } from './shuffle.js'
import { Words } from './words.js'

export class Filling {
  static async begin (bundle, survey, mode, language) {
    const filling = new Filling()
    const seed = newSeed()
    const definition = new Words(bundle, 'en').definition(survey)
    return Object.assign(filling, {
      bundle,
      survey,
      mode,
      language,
      seed,
      definition,
      orders: await ordersOf(questionsOf(definition), seed),
      answers: {},
      startedAt: new Date().toISOString(),
      id: crypto.randomUUID(),
      receipt: receiptCode(bundle.receipt),
    })
  }

  get words () { return new Words(this.bundle, this.language, this.mode === 'interpreter') }
  get route () { return pages(this.definition, this.answers) }
  page (key) { return this.route.find(page => page.key === key) }
  unfinished (afterCheck) { return firstUnfinished(this.route, this.answers, afterCheck) }

  // Read a page's form and judge it with the gate's own checks; nothing typed is lost.
  read (page, form) {
    const reading = { typed: {}, answers: {}, problems: [] }
    for (const question of page.questions) {
      const given = KINDS[question.kind].read(question, form)
      const [clean, problems] = checkQuestion(question, given, { ...this.answers, ...reading.answers })
      Object.assign(reading.typed, given)
      Object.assign(reading.answers, clean)
      reading.problems.push(...problems)
    }
    return reading
  }

  // Take a page's answers: the ending that they lead to, or the step that comes next.
  take (page, reading, changing) {
    const ending = endingOf(page, reading.answers)
    if (ending) return { ending: this.definition.endings.find(each => each.key === ending) }
    const others = Object.entries(this.answers).filter(([key]) => !page.names.includes(key))
    this.answers = settled(this.definition, { ...Object.fromEntries(others), ...reading.answers })
    return { step: nextStep(this.definition, this.answers, page, changing) }
  }

  get inside () {
    const checked = check(this.definition, onRoute(this.definition, this.answers))
    if (checked.problems.length || checked.ending) throw new Error('The gate refuses these answers.')
    return {
      id: this.id,
      wave: this.survey.wave,
      digest: this.survey.digest,
      given_at: this.givenAt,
      survey: this.survey.slug,
      event: this.bundle.event.id,
      language: this.language,
      channel: 'tablet',
      mode: this.mode,
      assisted: this.mode === 'interpreter',
      receipt: this.receipt,
      started_at: this.startedAt,
      seed: this.seed,
      answers: checked.answers,
    }
  }

  // Seal it and keep it: when this returns, it is safe, and what was open is forgotten.
  async save () {
    this.givenAt ??= new Date().toISOString()
    this.item ??= await sealed(this.bundle.keys[0], this.inside)
    await queue.add(this.item)
    this.forget()
  }

  forget () {
    Object.assign(this, { answers: {}, item: undefined, orders: {} })
  }
}

// What is said, in one language or - for an interpreter - in two, side by side.
import { fromDocument, mapped } from './definition.js'
import { Pair, html, ltr } from './html.js'
import { KINDS } from './kinds.js'

const CONTEXT = '\u0004'
const PLACEHOLDER = /%\((\w+)\)s|\{(\w+)\}/g
const AMOUNT = /\{(year|week)\}/g
// An amount of money keeps its own direction inside a text that runs from right to left.
const ISOLATED = '\u2066{$1}\u2069'

export class Words {
  constructor (bundle, language = 'en', beside = false) {
    Object.assign(this, { bundle, language, beside: beside && language !== 'en' })
    this.own = bundle.interface[language] ?? bundle.interface.en
    this.english = bundle.interface.en
    this.direction = bundle.languages[language]?.direction ?? 'ltr'
  }

  // A text of the interface; its values may be pairs or markup themselves.
  say (key, values = {}) {
    const own = filled(this.own[key] ?? this.english[key] ?? key, values, 'own')
    return this.beside ? new Pair(own, filled(this.english[key] ?? key, values, 'english')) : own
  }

  // The same with its places left open, for scripts that fill them in later.
  open (key, values = {}) {
    return (this.own[key] ?? this.english[key]).replace(/%\((\w+)\)s/g, (_, name) => values[name])
  }

  // A survey's questionnaire in this language.
  definition (survey) {
    const texts = survey.texts[this.language] ?? {}
    const own = (context, text) => {
      const said = texts[context + CONTEXT + text] ?? text
      return this.direction === 'rtl' ? said.replace(AMOUNT, ISOLATED) : said
    }
    const both = (context, text) => new Pair(own(context, text), text)
    return fromDocument(mapped(survey.definition, this.beside ? both : own))
  }

  get offScale () {
    return Object.fromEntries(['dont_know', 'prefer_not_to_say', 'none'].map(key => [key, this.say(`off_scale.${key}`)]))
  }

  // A question's stored answer in words.
  said (question, answers) {
    const words = { ...this.offScale, ...(question.none_of_these ? { none: question.none_of_these } : {}) }
    return KINDS[question.kind].said(question, answers, words, putAmounts)
  }

  // Why an answer was refused, in a sentence that says what to do.
  problem ({ code, part, values }, question, options) {
    const rows = [...question.rows, ...options]
    const row = rows.find(each => each.key === part)?.text
    if (code === 'choose_area') return this.say('choose_district')
    if (code === 'order_all' && question.required) return this.say('gate.order_needed')
    if (code === 'order_all' && row) return this.say('gate.order_all_row', { row })
    return this.say(`gate.${code}`, { ...values, row })
  }

  get police () {
    const call = { emergency: ltr('999'), police: ltr('101'), crimestoppers: ltr('0800 555 111') }
    return this.say('police', call)
  }
}

export function putAmounts (text, amounts) {
  if (text instanceof Pair) return new Pair(putAmounts(text.own, amounts), putAmounts(text.english, amounts))
  return text.replace(AMOUNT, (_, name) => amounts[name])
}

function filled (text, values, side) {
  const parts = []
  let last = 0
  for (const found of text.matchAll(PLACEHOLDER)) {
    const value = values[found[1] ?? found[2]]
    parts.push(text.slice(last, found.index), value instanceof Pair ? value[side] : value ?? found[0])
    last = found.index + found[0].length
  }
  return parts.length ? [...parts, text.slice(last)] : text
}

export const named = (language, code) => html`<span lang="${code}" dir="${language.direction}">${language.autonym}</span>`

// The kinds of question: how an answer is read from a form, checked, and said again. As app/surveys/kinds.
import { Invalid, cleanText, isGroup, strip, wholeNumber } from './plain.js'

export const NONE_OF_THESE = 'none'
const WRITE_IN_LENGTH = 200
const LARGEST_NUMBER = 10 ** 9
const RATIOS = { a: 6, b: 7, c: 8, d: 9, e: 11, f: 13, g: 15, h: 18 }

export const optionKeys = question => question.options.map(option => option.key)
export const optionOf = (question, key) => question.options.find(option => option.key === key)
const range = (low, high) => ({ minimum: low, maximum: high })

// A field that should come once: nothing is undefined, several values stay a list, and fail the check.
export function single (form, name) {
  const values = form.getAll(name)
  if (values.length > 1) return values
  return values.length ? strip(values[0]) || undefined : undefined
}

class Kind {
  required = true

  offScale (question) {
    return ['dont_know', 'prefer_not_to_say'].filter(key => question[key])
  }

  applies () { return true }
  missing () { return 'choose_one' }

  companions (question) {
    return question.options.some(option => option.write_in) ? [`${question.key}_text`] : []
  }

  read (question, form) {
    const typed = { [question.key]: this.typed(question, form) }
    for (const name of this.companions(question)) typed[name] = single(form, name)
    return Object.fromEntries(Object.entries(typed).filter(([, value]) => !isNothing(value)))
  }

  typed (question, form) { return single(form, question.key) }

  check (question, given, before) {
    const answer = this.checked(question, given[question.key], before)
    return { [question.key]: answer, ...this.written(question, answer, given) }
  }

  checked (question, answer) { return this.oneOption(question, answer) }

  oneOption (question, answer, part = '') {
    if (typeof answer !== 'string') throw new Invalid('one_only', part)
    if (![...optionKeys(question), ...this.offScale(question)].includes(answer)) throw new Invalid('unknown_option', part)
    return answer
  }

  // The write-in, if its option was chosen; what was written under another choice is dropped.
  written (question, answer, given) {
    const name = `${question.key}_text`
    const keys = Array.isArray(answer) ? answer : [answer]
    const open = question.options.some(option => option.write_in && keys.includes(option.key))
    if (!open || given[name] === undefined) return {}
    try {
      const text = cleanText(given[name], WRITE_IN_LENGTH)
      return text ? { [name]: text } : {}
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      throw new Invalid(error.code, 'text', error.values)
    }
  }

  said (question, answers, words) {
    if (!Object.hasOwn(answers, question.key)) return []
    return [this.named(question, answers[question.key], words), ...this.ownWords(question, answers)]
  }

  named (question, key, words) { return optionOf(question, key)?.text ?? words[key] ?? String(key) }

  ownWords (question, answers) {
    return this.companions(question).filter(name => name.endsWith('_text') && answers[name]).map(name => answers[name])
  }
}

class Several extends Kind {
  offScale (question) {
    return [...(question.none_of_these ? [NONE_OF_THESE] : []), ...super.offScale(question)]
  }

  missing () { return 'choose_some' }
  typed (question, form) { return form.getAll(question.key) }

  checked (question, answer) {
    if (!Array.isArray(answer) || !answer.length) throw new Invalid('choose_some')
    answer.forEach(key => this.oneOption(question, key))
    const apart = this.offScale(question).filter(key => answer.includes(key))
    if (apart.length && new Set(answer).size > 1) throw new Invalid('exclusive')
    const keys = apart.length ? apart : optionKeys(question).filter(key => answer.includes(key))
    const { at_most: most, at_least: least } = question
    if (most && keys.length > most) throw new Invalid('at_most', '', { at_most: most, chosen: keys.length })
    if (least && !apart.length && keys.length < least) throw new Invalid('at_least', '', { at_least: least, chosen: keys.length })
    return keys
  }

  said (question, answers, words) {
    return [...(answers[question.key] ?? []).map(key => this.named(question, key, words)), ...this.ownWords(question, answers)]
  }
}

class ScaleGroup extends Kind {
  missing () { return 'choose_each' }

  typed (question, form) {
    const points = question.rows.map(row => [row.key, single(form, `${question.key}.${row.key}`)])
    return Object.fromEntries(points.filter(([, point]) => point !== undefined))
  }

  checked (question, answer) {
    const rows = question.rows.map(row => row.key)
    if (!isGroup(answer) || !Object.keys(answer).every(key => rows.includes(key))) throw new Invalid('unknown_option')
    const given = rows.filter(row => Object.hasOwn(answer, row))
    const clean = Object.fromEntries(given.map(row => [row, this.oneOption(question, answer[row], row)]))
    const left = question.required && rows.find(row => !given.includes(row))
    if (left) throw new Invalid('choose_each', left)
    return clean
  }

  check (question, given, before) {
    const clean = super.check(question, given, before)
    return Object.fromEntries(Object.entries(clean).filter(([, points]) => Object.keys(points).length))
  }

  said (question, answers, words) {
    const given = answers[question.key] ?? {}
    return question.rows.filter(row => Object.hasOwn(given, row.key))
      .map(row => [row.text, ': ', this.named(question, given[row.key], words)])
  }
}

class Order extends Kind {
  required = false

  applies (question, before) { return !question.of || this.keys(question, before).length > 1 }
  companions () { return [] }
  missing () { return 'order_all' }

  keys (question, before) {
    if (!question.of) return optionKeys(question)
    const chosen = before[question.of]
    return Array.isArray(chosen) ? optionKeys(question).filter(key => chosen.includes(key)) : []
  }

  typed (question, form) {
    const places = question.options.map(({ key }) => [key, single(form, `${question.key}.${key}`)])
    const given = places.filter(([, place]) => place !== undefined)
    return given.length ? Object.fromEntries(given) : single(form, `${question.key}.apart`)
  }

  checked (question, answer, before) {
    if (typeof answer === 'string' && this.offScale(question).includes(answer)) return answer
    const keys = this.keys(question, before)
    const order = isGroup(answer) ? this.placed(answer, keys) : answer
    if (!Array.isArray(order) || !order.every(key => typeof key === 'string')) throw new Invalid('order_all')
    if (!order.every(key => keys.includes(key))) throw new Invalid('unknown_option')
    if (order.length !== keys.length || new Set(order).size !== order.length) throw new Invalid('order_all')
    return order
  }

  placed (places, keys) {
    const taken = new Map()
    for (const [key, text] of Object.entries(places)) {
      if (!keys.includes(key)) throw new Invalid('unknown_option')
      const place = wholeNumber(text, key)
      if (place < 1 || place > keys.length) throw new Invalid('unknown_option', key)
      if (taken.has(place)) throw new Invalid('order_twice', key, { place })
      taken.set(place, key)
    }
    const left = keys.find(key => !Object.hasOwn(places, key))
    if (left !== undefined) throw new Invalid('order_all', left)
    return [...taken.keys()].sort((a, b) => a - b).map(place => taken.get(place))
  }

  said (question, answers, words) {
    const order = answers[question.key] ?? []
    if (typeof order === 'string') return [this.named(question, order, words)]
    return order.map((key, index) => [`${index + 1}. `, this.named(question, key, words)])
  }
}

class WholeNumber extends Kind {
  missing () { return 'enter_number' }

  checked (question, answer) {
    if (typeof answer === 'string' && this.offScale(question).includes(answer)) return answer
    const number = wholeNumber(answer)
    const minimum = question.minimum ?? -LARGEST_NUMBER
    const maximum = question.maximum ?? LARGEST_NUMBER
    if (number < minimum || number > maximum) throw new Invalid('out_of_range', '', { typed: number, ...range(minimum, maximum) })
    return number
  }

  typed (question, form) {
    const number = single(form, question.key)
    const apart = single(form, `${question.key}.apart`)
    return number && apart ? [number, apart] : number ?? apart
  }
}

class AmountByBand extends Kind {
  // An option's text with what it costs in one band (D where the band is not known).
  forBand (option, band, put = (text, amounts) => fill(text, amounts)) {
    if (option.band_d === undefined || option.band_d === null) return option
    const year = option.band_d * (Object.hasOwn(RATIOS, band ?? '') ? RATIOS[band] : 9) / 9
    return { ...option, text: put(option.text, { year: pounds(year), week: pounds(year / 52) }) }
  }

  said (question, answers, words, put) {
    const option = optionOf(question, answers[question.key])
    return option ? [this.forBand(option, answers[question.band], put).text] : super.said(question, answers, words)
  }
}

const pounds = amount => '£' + amount.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const fill = (text, amounts) => text.replace(/\{(year|week)\}/g, (_, name) => amounts[name])

class Area extends Kind {
  missing () { return 'choose_area' }
  companions (question) { return [`${question.key}_decile`] }

  check (question, given) {
    const clean = { [question.key]: this.oneOption(question, given[question.key]) }
    const name = `${question.key}_decile`
    if (given[name] === undefined) return clean
    const decile = wholeNumber(given[name])
    if (decile < 1 || decile > 10) throw new Invalid('out_of_range', '', { typed: decile, ...range(1, 10) })
    return { ...clean, [name]: decile }
  }

  read (question, form) {
    const district = single(form, question.key)
    return district === undefined ? {} : { [question.key]: district }
  }
}

class Words extends Kind {
  required = false

  missing () { return 'enter_text' }
  typed (question, form) { return single(form, question.key) ?? single(form, `${question.key}.apart`) }

  check (question, given) {
    const text = cleanText(given[question.key], question.max_length)
    if (!text && question.required) throw new Invalid('enter_text')
    return text ? { [question.key]: text } : {}
  }

  said (question, answers, words) {
    const text = answers[question.key]
    if (text === undefined) return []
    return [this.offScale(question).includes(text) ? words[text] ?? text : text]
  }
}

const isNothing = value => value === undefined || value === null ||
  (Array.isArray(value) && !value.length) || (isGroup(value) && !Object.keys(value).length)

export const KINDS = {
  one_of: new Kind(),
  several: new Several(),
  scale: new Kind(),
  scale_group: new ScaleGroup(),
  order: new Order(),
  number: new WholeNumber(),
  amount_by_band: new AmountByBand(),
  area: new Area(),
  text: new Words(),
}

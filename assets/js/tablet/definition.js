// The questionnaire as data, and the gate that judges the answers. As app/surveys/definition.py and document.py;
// app/surveys/data/gate-cases.json holds the two together.
import { KINDS, optionOf } from './kinds.js'
import { Invalid, isGroup } from './plain.js'

const TEXTS = ['title', 'about', 'purpose', 'text', 'hint', 'why', 'intro', 'unit', 'none_of_these']
const DEFAULTS = { hint: '', why: '', of: '', band: '', options: [], rows: [], max_length: 2000, lines: 5 }

const given = (answers, key) => Object.hasOwn(answers, key) ? answers[key] : undefined
export const companionsOf = question => KINDS[question.kind].companions(question)
export const namesOf = question => [question.key, ...companionsOf(question)]

// A document with every text that people read put through `translate(context, text)`.
export function mapped (document, translate, context = '') {
  if (Array.isArray(document)) return document.map(item => mapped(item, translate, context))
  if (!isGroup(document)) return document
  const within = document.context ?? context
  return Object.fromEntries(Object.entries(document).map(([key, value]) =>
    [key, TEXTS.includes(key) && typeof value === 'string' && value ? translate(within, value) : mapped(value, translate, within)]))
}

// A question that puts chosen options in order is lent the options of the question where they are chosen.
export function fromDocument (document) {
  const all = document.sections.flatMap(section => section.questions)
  const lent = Object.fromEntries(all.map(question => [question.key, question.options ?? []]))
  const complete = question => ({
    ...DEFAULTS,
    required: KINDS[question.kind].required,
    ...question,
    options: lent[question.of] ?? question.options ?? [],
  })
  const sections = document.sections.map(section => ({ ...section, questions: section.questions.map(complete) }))
  return { ...document, endings: document.endings ?? [], sections }
}

export const questionsOf = definition => definition.sections.flatMap(section => section.questions)

function holds (condition, answers) {
  const answer = given(answers, condition.question)
  const points = isGroup(answer) ? Object.values(answer) : Array.isArray(answer) ? answer : [answer]
  return points.some(point => condition.is_one_of.includes(point))
}

// The questions on the route that some answers take.
export function askedOf (definition, answers) {
  const onRoute = {}
  const asked = []
  for (const section of definition.sections) {
    if (section.when && !holds(section.when, onRoute)) continue
    for (const question of section.questions) {
      if (question.when && !holds(question.when, onRoute)) continue
      if (!KINDS[question.kind].applies(question, onRoute)) continue
      if (Object.hasOwn(answers, question.key)) onRoute[question.key] = answers[question.key]
      asked.push(question)
    }
  }
  return asked
}

export function onRoute (definition, answers) {
  const keep = new Set(askedOf(definition, answers).flatMap(namesOf))
  return Object.fromEntries(Object.entries(answers).filter(([key]) => keep.has(key)))
}

// The gate: the answers in their stored form, and a problem for each that is missing, invalid, off the route or unknown.
export function check (definition, answers) {
  const result = { answers: {}, problems: [], ending: '', apart: '' }
  const known = new Set()
  for (const question of askedOf(definition, answers)) {
    const names = namesOf(question)
    names.forEach(name => known.add(name))
    const present = names.filter(name => given(answers, name) !== undefined && answers[name] !== null)
    const [clean, problems] = checkQuestion(question, Object.fromEntries(present.map(name => [name, answers[name]])), result.answers)
    Object.assign(result.answers, clean)
    result.problems.push(...problems)
    for (const option of chosen(question, result.answers[question.key])) {
      result.ending ||= option.ends ?? ''
      result.apart ||= option.apart ?? ''
    }
  }
  const strangers = Object.keys(answers).filter(key => !known.has(key))
  result.problems.push(...strangers.map(key => problem(key, 'off_route')))
  return result
}

const problem = (question, code, part = '', values = {}) => ({ question, code, part, values })

// One answer and its companions, knowing the answers before it: what is stored, and what is wrong.
export function checkQuestion (question, present, before) {
  const kind = KINDS[question.kind]
  if (!Object.hasOwn(present, question.key)) {
    if (question.required) return [{}, [problem(question.key, kind.missing(question))]]
    return [{}, Object.keys(present).map(key => problem(question.key, 'companion_alone', key))]
  }
  try {
    return [kind.check(question, present, before), []]
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    return [{}, [problem(question.key, error.code, error.part, error.values)]]
  }
}

export function chosen (question, answer) {
  if (answer === undefined || answer === null) return []
  const keys = Array.isArray(answer) ? answer : isGroup(answer) ? Object.values(answer) : [answer]
  return keys.map(key => optionOf(question, key)).filter(Boolean)
}

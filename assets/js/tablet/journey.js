// The way through a questionnaire: which pages there are, and which one comes next. As app/surveys/journey.py.
import { askedOf, checkQuestion, chosen, namesOf, questionsOf } from './definition.js'
import { KINDS } from './kinds.js'

const page = (key, section, questions) => ({
  key,
  section,
  questions,
  single: questions.length === 1 && !section.together,
  afterCheck: Boolean(section.after_check),
  names: questions.flatMap(namesOf),
})

// The pages on the route that some answers take, those after the check last.
export function pages (definition, answers) {
  const asked = new Set(askedOf(definition, answers))
  const found = definition.sections.flatMap(section => {
    const questions = section.questions.filter(question => asked.has(question))
    if (section.together && questions.length) return [page(section.key, section, questions)]
    return questions.map(question => page(question.key, section, [question]))
  })
  return [...found.filter(each => !each.afterCheck), ...found.filter(each => each.afterCheck)]
}

export function firstUnfinished (route, answers, afterCheck) {
  return route.find(each => each.afterCheck === afterCheck && !finished(each, answers))
}

function finished (each, answers) {
  return each.questions.every(question => {
    const names = namesOf(question).filter(name => Object.hasOwn(answers, name))
    const present = Object.fromEntries(names.map(name => [name, answers[name]]))
    return !checkQuestion(question, present, answers)[1].length
  })
}

export function progress (route, here) {
  const stage = route.filter(each => each.afterCheck === here.afterCheck).map(each => each.key)
  return [stage.indexOf(here.key) + 1, stage.length]
}

// An order that no longer fits what was chosen is asked for again rather than guessed.
export function settled (definition, answers) {
  const stale = questionsOf(definition).filter(question => {
    const order = answers[question.key]
    if (question.kind !== 'order' || !Array.isArray(order)) return false
    const keys = KINDS.order.keys(question, answers)
    return keys.length !== order.length || !order.every(key => keys.includes(key))
  }).map(question => question.key)
  return Object.fromEntries(Object.entries(answers).filter(([key]) => !stale.includes(key)))
}

// The step after a page: the next page, or back to the check for somebody who is changing an answer.
export function nextStep (definition, answers, here, changing) {
  const route = pages(definition, answers)
  const position = route.findIndex(each => each.key === here.key)
  if (position < 0) return 'check'
  const last = here.afterCheck ? 'send' : 'check'
  if (changing) return firstUnfinished(route, answers, here.afterCheck)?.key ?? last
  const after = route[position + 1]
  return after && after.afterCheck === here.afterCheck ? after.key : last
}

// The ending that an answer of a page leads to, if one does.
export function endingOf (here, answers) {
  const options = here.questions.flatMap(question => chosen(question, answers[question.key]))
  return options.find(option => option.ends)?.ends ?? ''
}

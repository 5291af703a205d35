// Markup from texts: whatever is put into a template is escaped, unless it is markup already.

export class Markup {
  constructor (text) { this.text = text }
  toString () { return this.text }
}

// The same said in the resident's language and in English, for an interpreter.
export class Pair {
  constructor (own, english) { Object.assign(this, { own, english }) }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = text => text.replace(/[&<>"']/g, character => ENTITIES[character])

export function html (parts, ...values) {
  return new Markup(parts.map((part, index) => index ? drawn(values[index - 1]) + part : part).join(''))
}

function drawn (value) {
  if (value === undefined || value === null || value === false) return ''
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(drawn).join('')
  if (value instanceof Pair) {
    return `<span class="tablet-pair"><span>${drawn(value.own)}</span><span lang="en" dir="ltr">${drawn(value.english)}</span></span>`
  }
  return escape(String(value))
}

// The same as plain text, for attributes and titles: an interpreter's page has them in the resident's language.
export function plain (value) {
  if (value === undefined || value === null || value === false) return ''
  if (value instanceof Pair) return plain(value.own)
  if (Array.isArray(value)) return value.map(plain).join('')
  return value instanceof Markup ? value.text.replace(/<[^>]*>/g, '') : String(value)
}

export const ltr = text => html`<bdi dir="ltr">${text}</bdi>`

// Several parts as one: where a part is said in two languages, all of them are.
export function joined (parts) {
  if (!Array.isArray(parts)) return parts
  const side = name => parts.map(part => part instanceof Pair ? part[name] : part)
  return parts.some(part => part instanceof Pair) ? new Pair(side('own'), side('english')) : parts
}

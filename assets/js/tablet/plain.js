// Texts and numbers as Python reads them, so that the tablet and the server judge alike.

const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const EDGES = new RegExp(`^${SPACE}+|${SPACE}+$`, 'gu')
const THOUSANDS = /^[-+]?\p{Nd}{1,3}([,٬]\p{Nd}{3})+$/u
const WHOLE = /^[-+]?\p{Nd}+$/u
const DIGIT = /\p{Nd}/u
const NOT_STORABLE = /[\p{Cc}\p{Cs}]/u

// An answer that cannot be stored; the code names the message, `part` the row or option concerned.
export class Invalid extends Error {
  constructor (code, part = '', values = {}) {
    super(code)
    Object.assign(this, { code, part, values })
  }
}

export const strip = text => text.replace(EDGES, '')

export const isGroup = answer => answer !== null && typeof answer === 'object' && !Array.isArray(answer)

export function cleanText (answer, maxLength) {
  if (typeof answer !== 'string') throw new Invalid('one_only')
  const text = strip(answer.replace(/\r\n?/g, '\n'))
  const characters = [...text]
  const hidden = characters.find(character => NOT_STORABLE.test(character) && !'\n\t'.includes(character))
  if (hidden !== undefined) throw new Invalid('control_character', '', { character: named(hidden) })
  if (characters.length > maxLength) throw new Invalid('too_long', '', { length: characters.length, max_length: maxLength })
  return text
}

const named = character => 'U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')

// A whole number in any script's digits.
export function wholeNumber (answer, part = '') {
  if (Number.isInteger(answer)) return answer
  if (typeof answer !== 'string') throw new Invalid('one_only', part)
  let text = strip(answer)
  if (THOUSANDS.test(text)) text = text.replace(/[,٬]/g, '')
  if ([...text].length > 12 || !WHOLE.test(text)) throw new Invalid('not_a_number', part, { typed: [...answer].slice(0, 40).join('') })
  return Number(text.replace(/\p{Nd}/gu, valueOf)) + 0
}

// Digits come in runs of ten that begin with a zero.
function valueOf (digit) {
  const code = digit.codePointAt(0)
  let zero = code
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero--
  return String((code - zero) % 10)
}

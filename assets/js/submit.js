// Swallows the second half of a double click, and nothing else: after two
// seconds the same button works again, another button always does.
const DOUBLE = 2000

export function guardSubmits () {
  document.querySelectorAll('form[method=post]').forEach(form => {
    let last = { submitter: undefined, time: -Infinity }
    form.addEventListener('submit', event => {
      const now = performance.now()
      const { submitter } = event
      if (submitter === last.submitter && now - last.time < DOUBLE) event.preventDefault()
      else last = { submitter, time: now }
    })
  })
}

// Keying by the keyboard alone: a digit or letter chooses and stays, so that what
// is seen can be corrected; where one sign is one box, another key takes its place.
// Enter alone moves on, and on the last field keeps the side, as the button does.
// In a text Enter is a new line; Ctrl and Enter move on.
for (const form of document.querySelectorAll('form#keying')) {
  const fields = [...form.querySelectorAll('[data-mode]')]
  const onwards = field => {
    const after = fields[fields.indexOf(field) + 1]
    if (after) { after.focus(); after.select?.() } else form.requestSubmit()
  }
  form.addEventListener('keydown', event => {
    const field = event.target
    if (!fields.includes(field) || event.key !== 'Enter' || event.isComposing) return
    if (field.dataset.mode === 'words' && !event.ctrlKey && field.value.trim()) return
    event.preventDefault()
    onwards(field)
  })
  form.addEventListener('input', event => {
    const field = event.target
    if (field.dataset.mode === 'one' && field.dataset.single && !event.isComposing) field.value = field.value.trim().slice(-1)
  })
  const first = form.querySelector('.govuk-input--error, .govuk-form-group--error [data-mode]') ?? fields.find(each => !each.value)
  first?.focus()
}

// Coding by the keyboard: the key that stands before a theme ticks it, as long
// as the focus is in the form (so that no key surprises anybody elsewhere), and
// Enter on a box saves, as it does without script.
for (const form of document.querySelectorAll('form[data-coding]')) {
  form.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === 'BUTTON') return
    const box = [...form.querySelectorAll('[data-key]')].find(each => each.dataset.key === event.key.toLowerCase())
    if (!box) return
    event.preventDefault()
    box.click()
    box.focus()
  })
}

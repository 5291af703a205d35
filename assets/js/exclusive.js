// "None of these" unticks the rest, and any of the rest unticks it.
export function keepExclusive () {
  document.querySelectorAll('.govuk-checkboxes').forEach(group => {
    group.addEventListener('change', ({ target }) => {
      if (target.type !== 'checkbox' || !target.checked) return
      const alone = 'exclusive' in target.dataset
      for (const box of group.querySelectorAll('input[type=checkbox]')) {
        if (box !== target && (alone || 'exclusive' in box.dataset)) box.checked = false
      }
    })
  })
}

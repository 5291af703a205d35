// Live counts: how many are chosen, how many characters are left. The texts
// put the number last ("Characters left: 12"), so no language needs a plural.

const fill = (text, count) => text.replace('{count}', count)

export function watchCounts () {
  document.querySelectorAll('[data-at-most]').forEach(watchChoices)
  document.querySelectorAll('[data-max-length]').forEach(watchLength)
}

function watchChoices (group) {
  const { atMost, chosen, tooMany } = group.dataset
  const live = document.getElementById(group.dataset.live)
  const boxes = [...group.querySelectorAll('input[type=checkbox]')]
  const count = () => {
    const ticked = boxes.filter(box => box.checked && !('exclusive' in box.dataset)).length
    live.textContent = ticked === 0 ? '' : fill(ticked > atMost ? tooMany : chosen, ticked)
    live.classList.toggle('govuk-error-message', ticked > atMost)
  }
  group.addEventListener('change', count)
  count()
}

function watchLength (input) {
  const { maxLength, left, over } = input.dataset
  const shown = document.getElementById(input.id + '-info')
  const live = document.getElementById(input.id + '-live')
  let later
  const count = () => {
    // The browser sends each line end as two characters; people see one.
    const rest = maxLength - [...input.value].length
    shown.textContent = rest < 0 ? fill(over, -rest) : fill(left, rest)
    shown.classList.toggle('govuk-error-message', rest < 0)
    input.classList.toggle('govuk-textarea--error', rest < 0)
    clearTimeout(later)
    later = setTimeout(() => { live.textContent = shown.textContent }, 1000)
  }
  input.addEventListener('input', count)
  count()
  clearTimeout(later)
}

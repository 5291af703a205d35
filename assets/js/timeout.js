// Warns before the session ends, and lets it be extended (WCAG 2.2.1). Clock
// time, not timers, decides: a sleeping phone wakes up to the truth.

export function warnBeforeTimeout () {
  const dialog = document.querySelector('dialog[data-timeout-seconds]')
  if (!dialog) return
  const { timeoutSeconds, warnSeconds, extendUrl, timeoutUrl, csrf } = dialog.dataset
  const clock = dialog.querySelector('[data-clock]')
  const problem = dialog.querySelector('[data-problem]')
  const extend = dialog.querySelector('button')
  // Other tabs of the same session: what one extends, all extend.
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel('timeout') : undefined
  let end
  let before

  const restart = () => {
    end = Date.now() + timeoutSeconds * 1000
    if (dialog.open) dialog.close()
  }
  const ask = async () => {
    problem.hidden = true
    try {
      const answer = await fetch(extendUrl, { method: 'POST', headers: { 'X-CSRFToken': csrf }, redirect: 'error' })
      if (answer.status === 410) location.replace(timeoutUrl)
      if (!answer.ok) throw new Error(answer.status)
      restart()
      channel?.postMessage('extended')
    } catch {
      problem.hidden = false
    }
  }

  extend.addEventListener('click', ask)
  // Escape closes a dialog: as good as the button.
  dialog.addEventListener('cancel', event => {
    event.preventDefault()
    ask()
  })
  dialog.addEventListener('close', () => before?.focus())
  channel?.addEventListener('message', restart)
  restart()
  channel?.postMessage('opened')

  setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000)
    if (left <= 0) location.replace(timeoutUrl)
    else if (left <= warnSeconds) {
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
      if (!dialog.open) {
        before = document.activeElement
        dialog.showModal()
        extend.focus()
      }
    }
  }, 1000)
}

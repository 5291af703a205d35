// Quick exit: by its link, or Escape pressed three times. The page goes blank
// at once; the neutral site replaces it, so that Back does not lead here.
const PRESSES = 3
const WITHIN = 2000

export function leaveQuickly () {
  const link = document.querySelector('[data-exit]')
  if (!link) return

  const leave = () => {
    document.title = ' '
    document.documentElement.classList.add('site-hidden')
    location.replace(link.href)
  }

  link.addEventListener('click', event => {
    event.preventDefault()
    // A new tab has no history at all. Where it is refused, replacing is enough.
    window.open(link.href, '_blank', 'noopener,noreferrer')
    leave()
  })

  let presses = []
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') {
      presses = []
      return
    }
    if (event.repeat) return
    const now = Date.now()
    presses = [...presses.filter(time => now - time < WITHIN), now]
    if (presses.length >= PRESSES) leave()
  }, true)
}

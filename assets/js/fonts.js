// Waits for a font that is on its way, at most a second, so that no text jumps
// when it comes. Where the device has the font there is nothing to wait for.
// Works because these pages load the script with blocking="render".
const PATIENCE = 1000

export async function waitForFont () {
  if (!document.fonts?.size || performance.getEntriesByType('paint').length) return
  const html = document.documentElement
  html.classList.add('site-waits')
  html.getBoundingClientRect() // lays the page out, which asks for its fonts
  await Promise.race([document.fonts.ready, new Promise(resolve => setTimeout(resolve, PATIENCE))])
  html.classList.remove('site-waits')
}

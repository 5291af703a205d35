// The browser's Back: one step back while somebody fills in, and nothing of before afterwards.
// The page has one address; no answer is ever part of the history.

let goBack

export function onBack (step) { goBack = step }

// Put one entry in front of the first, at a press of a button, so that Back stays on the page.
export function holdBack () {
  if (history.state !== 'held') history.pushState('held', '')
}

addEventListener('popstate', () => {
  if (goBack?.()) holdBack()
})

// Not even the browser's memory of a page shows what was on it.
addEventListener('pageshow', event => { if (event.persisted) location.reload() })

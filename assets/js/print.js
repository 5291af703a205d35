// Nobody can unfold paper. The style sheet does it where a browser knows
// "::details-content"; in all others this does, and folds it again afterwards.
export function printUnfolded () {
  let folded = []
  window.addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')]
    folded.forEach(each => { each.open = true })
  })
  window.addEventListener('afterprint', () => {
    folded.forEach(each => { each.open = false })
    folded = []
  })
}

// Nobody can unfold paper. The style sheet does it where a browser knows
// "::details-content"; in all others this does, and folds it again afterwards.
// Some browsers announce a print twice before they end it once.
export function printUnfolded () {
  const folded = new Set()
  window.addEventListener('beforeprint', () => {
    document.querySelectorAll('details:not([open])').forEach(each => {
      folded.add(each)
      each.open = true
    })
  })
  window.addEventListener('afterprint', () => {
    folded.forEach(each => { each.open = false })
    folded.clear()
  })
}

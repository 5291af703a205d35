// Everything here only adds: each page works the same without it.
import { watchCounts } from './counts.js'
import { keepExclusive } from './exclusive.js'
import { leaveQuickly } from './exit.js'
import { waitForFont } from './fonts.js'
import { orderLists } from './order.js'
import { formatPostcodes } from './postcode.js'
import { printUnfolded } from './print.js'
import { guardSubmits } from './submit.js'
import { warnBeforeTimeout } from './timeout.js'

// A page from the back-forward cache may show what has since been sent. A
// plain GET of the same address: `reload` could send a form once more.
window.addEventListener('pageshow', event => {
  if (event.persisted) location.replace(location.href.split('#')[0])
})

leaveQuickly()
orderLists()
keepExclusive()
watchCounts()
formatPostcodes()
guardSubmits()
warnBeforeTimeout()
printUnfolded()
// Last, as what is hidden takes no focus.
waitForFont().then(() => document.querySelector('.govuk-error-summary')?.focus())

// Starts the tablet's page. What is exported is for tests, which save many responses as the page itself does.
import { begin, go } from './app.js'
import { kept } from './database.js'
import { stopped } from './office.js'
import { send, setUp } from './officer.js'
import { syncByItself } from './sync.js'
import { install } from './upgrade.js'

export { check, fromDocument, questionsOf } from './definition.js'
export { Filling } from './filling.js'
export { pages } from './journey.js'
export { KINDS } from './kinds.js'
export { shuffledKeys } from './shuffle.js'
export { kept, send }

async function run () {
  if (!window.isSecureContext || !crypto.subtle || !navigator.locks || !window.indexedDB) {
    return go(stopped('This browser cannot be used', 'It cannot lock answers or keep them safely.', 'Use a current Chrome, Edge, Firefox or Safari, at an address that begins with https.'))
  }
  try {
    await (new URLSearchParams(location.search).has('event') ? setUp() : begin())
  } catch (error) {
    console.warn('Not started:', error.name)
    return go(stopped('This tablet cannot open its store', `What waits on it is still there. (${error.name})`, 'Close other tabs and apps, free some space, then try again. If this lasts, bring the tablet to the office as it is.'))
  }
  install().catch(error => console.warn('No worker:', error.name))
  syncByItself()
}

run()

// Does the work that the page asks for, in a worker, and sends the answers when
// it is done. Where anything is missing the page waits, as it does without script.
const form = document.querySelector('form[data-work]')

export function work (form) {
  const task = JSON.parse(form.dataset.work)
  const worker = new Worker(form.dataset.worker)
  const working = form.querySelector('[data-working]')
  const stop = () => {
    worker.terminate()
    working.hidden = true
  }
  worker.addEventListener('error', stop)
  worker.addEventListener('message', ({ data: number }) => {
    stop()
    if (number === undefined) return
    const { algorithm, challenge, salt, signature } = task
    form.elements.altcha.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }))
    form.submit()
  })
  working.hidden = false
  worker.postMessage(task)
}

// Only a secure page may hash; a page from the back-forward cache has done its work.
if (form && 'Worker' in window && window.isSecureContext) work(form)

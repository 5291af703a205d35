// The ordering question: buttons and drag that write to one select per item.
// Nothing is written before the first move: an untouched order is no answer.

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

export function orderLists () {
  document.querySelectorAll('[data-order]').forEach(list => new OrderList(list))
}

class OrderList {
  constructor (list) {
    this.list = list
    this.texts = list.dataset
    this.live = document.getElementById(list.id + '-live')
    this.addTools()
    this.items.forEach(item => this.addControls(item))
    if (this.isComplete()) this.sortByPlaces()
    this.refresh()
  }

  get items () { return [...this.list.children] }
  select (item) { return item.querySelector('select') }
  text (item) { return item.querySelector('label').textContent.trim() }

  addTools () {
    this.keep = button('govuk-button govuk-button--secondary', this.texts.keep)
    this.clear = button('site-link-button', this.texts.clear)
    this.keep.addEventListener('click', () => {
      this.write()
      this.clear.focus()
      this.say(this.texts.kept)
    })
    this.clear.addEventListener('click', () => {
      this.items.forEach(item => { this.select(item).value = '' })
      this.refresh()
      this.keep.focus()
      this.say(this.texts.cleared)
    })
    document.getElementById(this.list.id + '-tools').append(this.keep, this.clear)
  }

  addControls (item) {
    const buttons = document.createElement('div')
    buttons.className = 'site-order__buttons'
    for (const [step, arrow, label] of [[-1, '↑', this.texts.up], [1, '↓', this.texts.down]]) {
      const move = button('', arrow)
      move.dataset.step = step
      move.setAttribute('aria-label', fill(label, { item: this.text(item) }))
      move.addEventListener('click', () => {
        this.move(item, this.items.indexOf(item) + step)
        move.focus()
      })
      buttons.append(move)
    }
    const grip = document.createElement('span')
    grip.className = 'site-order__grip'
    grip.setAttribute('aria-hidden', 'true')
    grip.addEventListener('pointerdown', event => this.drag(event, item, grip))
    item.prepend(grip)
    item.append(buttons)
    // While places are still being given one by one, as without script, a
    // select only says its own; in a complete order a new place is a move.
    const select = this.select(item)
    select.addEventListener('change', () => {
      if (this.complete && select.value !== '') this.move(item, select.value - 1)
      else if (this.isComplete()) this.sortByPlaces()
      this.refresh()
      select.focus()
    })
  }

  isComplete () {
    const places = new Set(this.items.map(item => this.select(item).value))
    return !places.has('') && places.size === this.items.length
  }

  sortByPlaces () {
    this.list.append(...this.items.sort((a, b) => this.select(a).value - this.select(b).value))
  }

  move (item, to) {
    const items = this.items.filter(other => other !== item)
    if (to < 0 || to > items.length) return
    this.place(item, to)
    this.write()
    this.say(fill(this.texts.moved, { item: this.text(item), place: to + 1, places: items.length + 1 }))
  }

  // The others are moved around the item, so that it keeps its focus.
  place (item, to) {
    const others = this.items.filter(other => other !== item)
    others.slice(0, to).forEach(other => item.before(other))
    others.slice(to).reverse().forEach(other => item.after(other))
  }

  write () {
    this.items.forEach((item, index) => { this.select(item).value = index + 1 })
    this.refresh()
  }

  refresh () {
    const last = this.items.length - 1
    this.items.forEach((item, index) => {
      const [up, down] = item.querySelectorAll('button')
      up.setAttribute('aria-disabled', index === 0)
      down.setAttribute('aria-disabled', index === last)
    })
    this.complete = this.isComplete()
    this.keep.hidden = this.complete
    this.clear.hidden = this.items.every(item => this.select(item).value === '')
  }

  say (text) {
    this.live.textContent = ''
    setTimeout(() => { this.live.textContent = text }, 50)
  }

  drag (event, item, grip) {
    if (event.button) return
    event.preventDefault()
    grip.setPointerCapture(event.pointerId)
    item.classList.add('site-order__item--lifted')
    const from = this.items.indexOf(item)
    let start = event.clientY

    const follow = ({ clientY }) => {
      const { previousElementSibling: above, nextElementSibling: below } = item
      const middle = box => box.top + box.height / 2
      item.style.transform = ''
      const here = item.getBoundingClientRect()
      const shifted = middle(here) + clientY - start
      if (above && shifted < middle(above.getBoundingClientRect())) item.after(above)
      else if (below && shifted > middle(below.getBoundingClientRect())) item.before(below)
      start += item.getBoundingClientRect().top - here.top
      item.style.transform = `translateY(${clientY - start}px)`
    }
    const drop = () => {
      grip.removeEventListener('pointermove', follow)
      grip.removeEventListener('lostpointercapture', drop)
      item.classList.remove('site-order__item--lifted')
      item.style.transform = ''
      const to = this.items.indexOf(item)
      if (to !== from) this.move(item, to)
    }
    grip.addEventListener('pointermove', follow)
    grip.addEventListener('lostpointercapture', drop)
  }
}

function button (className, text) {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = className
  element.textContent = text
  return element
}

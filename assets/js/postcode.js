// Shows a postcode the way it is written on a letter: "bd1 1hy" -> "BD1 1HY".
// The server reads it either way.
export function formatPostcodes () {
  document.querySelectorAll('[data-postcode]').forEach(input => {
    input.addEventListener('blur', () => {
      const bare = input.value.toUpperCase().replace(/\s/g, '')
      if (/^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/.test(bare)) input.value = bare.slice(0, -3) + ' ' + bare.slice(-3)
    })
  })
}

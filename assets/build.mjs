// Builds app/static/build: styles in both directions with the faces of every
// script, the script, the fonts; every name carries a hash of its content.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { browserslistToTargets, transform } from 'lightningcss'
import rtlcss from 'rtlcss'
import * as sass from 'sass'
import subsetFont from 'subset-font'
import { fonts } from './fonts.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '..', 'app', 'static', 'build')
// Five years of phones.
const targets = browserslistToTargets(['safari 14', 'chrome 90', 'firefox 88', 'samsung 15'])
const manifest = {}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })

function keep (name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
  const built = name.replace(/\.(\w+)$/, `.${hash}.$1`)
  writeFileSync(join(out, built), content)
  manifest[name] = built
  console.log(name.padEnd(24), String(content.length).padStart(7), 'bytes', String(gzipSync(content, { level: 9 }).length).padStart(6), 'gzipped')
  return built
}

const minify = css => transform({ filename: 'site.css', code: Buffer.from(css), minify: true, targets, errorRecovery: true }).code
const named = names => names.map(name => `local("${name}")`).join(',')
const subset = (font, letters) => subsetFont(font, letters, { targetFormat: 'woff2' })
const ranges = letters => [...new Set(letters)].map(letter => `U+${letter.codePointAt(0).toString(16)}`).join(',')
// As in sass/_page.scss.
const latin = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'

copyFileSync(join(here, 'licences', 'govuk-frontend.LICENSE.txt'), join(out, 'govuk-frontend.LICENSE.txt'))
copyFileSync(join(here, 'node_modules', 'idb', 'LICENSE'), join(out, 'idb.LICENSE.txt'))

// The first is every page's; the second only that of the page on which staff code comments; two do the work that floods cost; the others are the tablet's.
const scripts = { 'site.js': 'site.js', 'coding.js': 'coding.js', 'keying.js': 'keying.js', 'proof.js': 'proof.js', 'proof-worker.js': 'proof-worker.js', 'tablet.js': 'tablet/main.js', 'worker.js': 'tablet/worker.js' }
for (const [name, entry] of Object.entries(scripts)) {
  const target = entry === name ? 'es2020' : 'es2022'
  const script = buildSync({
    entryPoints: [join(here, 'js', entry)], bundle: true, minify: true, format: 'esm', target, write: false,
  })
  keep(name, Buffer.from(script.outputFiles[0].contents))
}
for (const name of ['tablet-192.png', 'tablet-512.png']) keep(name, readFileSync(join(here, 'icons', name)))

// The device's own faces come first; our file is fetched only where a device
// has none of them. The letters of a language's own name are so few that they
// travel inside the style sheet: a language switch never shows boxes.
async function faces (font) {
  const folder = join(here, 'node_modules', '@fontsource', font.package)
  const whole = readFileSync(join(folder, 'files', `${font.package}-${font.subset}-400-normal.woff2`))
  const range = font.letters ? ranges(font.letters) : JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8'))[font.subset]
  const file = keep(`font.${font.language}.woff2`, font.letters ? await subset(whole, font.letters) : whole)
  copyFileSync(join(folder, 'LICENSE'), join(out, `font.${font.language}.LICENSE.txt`))
  const [own, name, site] = ['Own', 'Name', 'Site'].map(kind => `"${kind} ${font.language}"`)
  return `
    @font-face { font-family: ${own}; font-weight: 400; src: ${named(font.local)}; unicode-range: ${range} }
    @font-face { font-family: ${own}; font-weight: 700; src: ${named([...font.bold, ...font.local])}; unicode-range: ${range} }
    @font-face { font-family: ${site}; font-display: swap; src: url(${file}) format("woff2"); unicode-range: ${range} }
    :root:lang(${font.language}) { --site-font: ${own}, ${site}, ${latin} }
    ${font.autonym ? `
      @font-face { font-family: ${name}; src: url(data:font/woff2;base64,${(await subset(whole, font.autonym)).toString('base64')}) format("woff2"); unicode-range: ${ranges(font.autonym)} }
      [lang="${font.language}"]:not(html) { font-family: ${own}, ${name}, var(--site-font) }
    ` : ''}`
}

const { css } = sass.compile(join(here, 'sass', 'site.scss'), {
  loadPaths: [join(here, 'node_modules')],
  quietDeps: true,
})
const letters = (await Promise.all(fonts.map(faces))).join('')
const notice = '/*! Contains GOV.UK Frontend, Crown Copyright, MIT: govuk-frontend.LICENSE.txt; letters of Noto fonts, OFL: font.*.LICENSE.txt */\n'
keep('site.ltr.css', notice + minify(css + letters))
keep('site.rtl.css', notice + minify(rtlcss.process(css) + letters))

const tablet = sass.compile(join(here, 'sass', 'tablet.scss'), { loadPaths: [join(here, 'node_modules')], quietDeps: true })
keep('tablet.css', minify(tablet.css))

writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')

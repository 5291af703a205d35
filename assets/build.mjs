// Builds app/static/build: styles in both directions, the script, one font
// style sheet per script; every name carries a hash of its content.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { browserslistToTargets, transform } from 'lightningcss'
import rtlcss from 'rtlcss'
import * as sass from 'sass'
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

const { css } = sass.compile(join(here, 'sass', 'site.scss'), {
  loadPaths: [join(here, 'node_modules')],
  quietDeps: true,
})
const notice = '/*! Contains GOV.UK Frontend, Crown Copyright, MIT: govuk-frontend.LICENSE.txt */\n'
keep('site.ltr.css', notice + minify(css))
keep('site.rtl.css', notice + minify(rtlcss.process(css)))

copyFileSync(join(here, 'licences', 'govuk-frontend.LICENSE.txt'), join(out, 'govuk-frontend.LICENSE.txt'))

const script = buildSync({
  entryPoints: [join(here, 'js', 'site.js')], bundle: true, minify: true, format: 'esm', target: 'es2020', write: false,
})
keep('site.js', Buffer.from(script.outputFiles[0].contents))

for (const font of fonts) {
  const folder = join(here, 'node_modules', '@fontsource', font.package)
  const range = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8'))[font.subset]
  const file = keep(`${font.package}.woff2`, readFileSync(join(folder, 'files', `${font.package}-${font.subset}-400-normal.woff2`)))
  // Two families: the device's own faces first, ours only for what they lack.
  // `swap`, as a device may lack letters, not just beauty; js/fonts.js sees to
  // it that nothing jumps.
  keep(`font.${font.language}.css`, minify(`
    @font-face { font-family: "Own ${font.family}"; font-weight: 400; src: ${named(font.local)}; unicode-range: ${range} }
    @font-face { font-family: "Own ${font.family}"; font-weight: 700; src: ${named([...font.bold, ...font.local])}; unicode-range: ${range} }
    @font-face { font-family: "Site ${font.family}"; font-display: swap; src: url(${file}) format("woff2"); unicode-range: ${range} }
    :root:lang(${font.language}) { --site-font: "Own ${font.family}", "Site ${font.family}", system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif }
  `))
  copyFileSync(join(folder, 'LICENSE'), join(out, `${font.package}.LICENSE.txt`))
}

writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')

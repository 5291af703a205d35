// One line per language whose script a device may lack. `local` are faces a
// device may already have (full or PostScript names); when one of them is
// there, nothing is downloaded. `bold` are their heavy faces. `letters` cuts our
// file down to what the language needs; `autonym` are the letters of its own
// name, where a device may lack them.
//
// Urdu is read most easily in Nastaliq: those faces come first. A device that has
// none shows its other Arabic face, as in its other programs, and one without
// the letters of Urdu (DejaVu Sans lacks two) gets ours: Nastaliq would be 95 kB
// where Naskh is 15.
const naskh = ['Noto Naskh Arabic', 'NotoNaskhArabic', 'NotoNaskhArabic-Regular', 'Noto Naskh Arabic UI',
  'NotoNaskhArabicUI', 'NotoNaskhArabicUI-Regular', 'Geeza Pro', 'GeezaPro', 'Segoe UI', 'SegoeUI',
  'Noto Sans Arabic', 'NotoSansArabic-Regular', 'Tahoma']
const naskhBold = ['Noto Naskh Arabic Bold', 'NotoNaskhArabic-Bold', 'Noto Naskh Arabic UI Bold', 'NotoNaskhArabicUI-Bold',
  'Geeza Pro Bold', 'GeezaPro-Bold', 'Segoe UI Bold', 'SegoeUI-Bold', 'Noto Sans Arabic Bold', 'NotoSansArabic-Bold',
  'Tahoma Bold', 'Tahoma-Bold']
const nastaliq = ['Noto Nastaliq Urdu', 'NotoNastaliqUrdu', 'NotoNastaliqUrdu-Regular', 'Noto Nastaliq Urdu Regular',
  'Jameel Noori Nastaleeq', 'Urdu Typesetting', 'UrduTypesetting']
const letters = 'ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱٹپچڈڑژکگںھۀہۂۃیےۓۀ،؛؟ـ٪٫٬۔؎؏ًٌٍَُِّْٰٓٔٗ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹'

export const fonts = [
  {
    language: 'ur', package: 'noto-naskh-arabic', subset: 'arabic', letters,
    local: [...nastaliq, ...naskh],
    bold: ['Noto Nastaliq Urdu Bold', 'NotoNastaliqUrdu-Bold', ...nastaliq, ...naskhBold],
  },
  {
    language: 'ar', package: 'noto-naskh-arabic', subset: 'arabic', letters,
    local: [...naskh, 'DejaVu Sans'],
    bold: [...naskhBold, 'DejaVu Sans Bold', 'DejaVuSans-Bold'],
  },
  {
    language: 'pa', package: 'noto-sans-gurmukhi', subset: 'gurmukhi', autonym: 'ਪੰਜਾਬੀ',
    local: ['Noto Sans Gurmukhi', 'NotoSansGurmukhi-Regular', 'Noto Sans Gurmukhi UI', 'NotoSansGurmukhiUI-Regular',
      'Nirmala UI', 'NirmalaUI', 'Raavi', 'Gurmukhi MN', 'GurmukhiMN', 'Gurmukhi Sangam MN', 'GurmukhiSangamMN'],
    bold: ['Noto Sans Gurmukhi Bold', 'NotoSansGurmukhi-Bold', 'Noto Sans Gurmukhi UI Bold', 'NotoSansGurmukhiUI-Bold',
      'Nirmala UI Bold', 'NirmalaUI-Bold', 'Raavi Bold', 'Raavi-Bold', 'Gurmukhi MN Bold', 'GurmukhiMN-Bold'],
  },
  {
    language: 'gu', package: 'noto-sans-gujarati', subset: 'gujarati', autonym: 'ગુજરાતી',
    local: ['Noto Sans Gujarati', 'NotoSansGujarati-Regular', 'Noto Sans Gujarati UI', 'NotoSansGujaratiUI-Regular',
      'Nirmala UI', 'NirmalaUI', 'Shruti', 'Gujarati MT', 'GujaratiMT', 'Gujarati Sangam MN', 'GujaratiSangamMN'],
    bold: ['Noto Sans Gujarati Bold', 'NotoSansGujarati-Bold', 'Noto Sans Gujarati UI Bold', 'NotoSansGujaratiUI-Bold',
      'Nirmala UI Bold', 'NirmalaUI-Bold', 'Shruti Bold', 'Shruti-Bold', 'Gujarati MT Bold', 'GujaratiMT-Bold'],
  },
  {
    language: 'bn', package: 'noto-sans-bengali', subset: 'bengali', autonym: 'বাংলা',
    local: ['Noto Sans Bengali', 'NotoSansBengali-Regular', 'Noto Sans Bengali UI', 'NotoSansBengaliUI-Regular',
      'Nirmala UI', 'NirmalaUI', 'Vrinda', 'Kohinoor Bangla', 'KohinoorBangla-Regular', 'Bangla MN', 'BanglaMN',
      'Bangla Sangam MN', 'BanglaSangamMN'],
    bold: ['Noto Sans Bengali Bold', 'NotoSansBengali-Bold', 'Noto Sans Bengali UI Bold', 'NotoSansBengaliUI-Bold',
      'Nirmala UI Bold', 'NirmalaUI-Bold', 'Vrinda Bold', 'Vrinda-Bold', 'Kohinoor Bangla Semibold',
      'KohinoorBangla-Semibold', 'Bangla MN Bold', 'BanglaMN-Bold'],
  },
]

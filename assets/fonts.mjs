// One line per language whose script a device may lack. `local` are faces a
// device may already have (full or PostScript names); when one of them is
// there, nothing is downloaded. `bold` are their heavy faces.
export const fonts = [
  {
    language: 'ur', family: 'Noto Nastaliq Urdu', package: 'noto-nastaliq-urdu', subset: 'arabic',
    local: ['Noto Nastaliq Urdu', 'NotoNastaliqUrdu', 'NotoNastaliqUrdu-Regular', 'Noto Nastaliq Urdu Regular',
      'Jameel Noori Nastaleeq', 'Urdu Typesetting', 'UrduTypesetting'],
    bold: ['Noto Nastaliq Urdu Bold', 'NotoNastaliqUrdu-Bold'],
  },
  {
    language: 'ar', family: 'Noto Naskh Arabic', package: 'noto-naskh-arabic', subset: 'arabic',
    local: ['Noto Naskh Arabic', 'NotoNaskhArabic-Regular', 'Noto Naskh Arabic UI', 'NotoNaskhArabicUI-Regular',
      'Geeza Pro', 'GeezaPro', 'Segoe UI', 'SegoeUI', 'Noto Sans Arabic', 'NotoSansArabic-Regular', 'Tahoma', 'DejaVu Sans'],
    bold: ['Noto Naskh Arabic Bold', 'NotoNaskhArabic-Bold', 'Noto Naskh Arabic UI Bold', 'NotoNaskhArabicUI-Bold',
      'Geeza Pro Bold', 'GeezaPro-Bold', 'Segoe UI Bold', 'SegoeUI-Bold', 'Noto Sans Arabic Bold',
      'NotoSansArabic-Bold', 'Tahoma Bold', 'Tahoma-Bold', 'DejaVu Sans Bold', 'DejaVuSans-Bold'],
  },
  {
    language: 'pa', family: 'Noto Sans Gurmukhi', package: 'noto-sans-gurmukhi', subset: 'gurmukhi',
    local: ['Noto Sans Gurmukhi', 'NotoSansGurmukhi-Regular', 'Noto Sans Gurmukhi UI', 'NotoSansGurmukhiUI-Regular',
      'Nirmala UI', 'NirmalaUI', 'Raavi', 'Gurmukhi MN', 'GurmukhiMN', 'Gurmukhi Sangam MN', 'GurmukhiSangamMN'],
    bold: ['Noto Sans Gurmukhi Bold', 'NotoSansGurmukhi-Bold', 'Noto Sans Gurmukhi UI Bold', 'NotoSansGurmukhiUI-Bold',
      'Nirmala UI Bold', 'NirmalaUI-Bold', 'Raavi Bold', 'Raavi-Bold', 'Gurmukhi MN Bold', 'GurmukhiMN-Bold'],
  },
  {
    language: 'gu', family: 'Noto Sans Gujarati', package: 'noto-sans-gujarati', subset: 'gujarati',
    local: ['Noto Sans Gujarati', 'NotoSansGujarati-Regular', 'Noto Sans Gujarati UI', 'NotoSansGujaratiUI-Regular',
      'Nirmala UI', 'NirmalaUI', 'Shruti', 'Gujarati MT', 'GujaratiMT', 'Gujarati Sangam MN', 'GujaratiSangamMN'],
    bold: ['Noto Sans Gujarati Bold', 'NotoSansGujarati-Bold', 'Noto Sans Gujarati UI Bold', 'NotoSansGujaratiUI-Bold',
      'Nirmala UI Bold', 'NirmalaUI-Bold', 'Shruti Bold', 'Shruti-Bold', 'Gujarati MT Bold', 'GujaratiMT-Bold'],
  },
  {
    language: 'bn', family: 'Noto Sans Bengali', package: 'noto-sans-bengali', subset: 'bengali',
    local: ['Noto Sans Bengali', 'NotoSansBengali-Regular', 'Noto Sans Bengali UI', 'NotoSansBengaliUI-Regular',
      'Nirmala UI', 'NirmalaUI', 'Vrinda', 'Kohinoor Bangla', 'KohinoorBangla-Regular', 'Bangla MN', 'BanglaMN',
      'Bangla Sangam MN', 'BanglaSangamMN'],
    bold: ['Noto Sans Bengali Bold', 'NotoSansBengali-Bold', 'Noto Sans Bengali UI Bold', 'NotoSansBengaliUI-Bold',
      'Nirmala UI Bold', 'NirmalaUI-Bold', 'Vrinda Bold', 'Vrinda-Bold', 'Kohinoor Bangla Semibold',
      'KohinoorBangla-Semibold', 'Bangla MN Bold', 'BanglaMN-Bold'],
  },
]

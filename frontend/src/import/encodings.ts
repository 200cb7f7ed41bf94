/** The encodings that texts come in here, by their names as programs have them. */
export const encodings = [
  'utf-8',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1257',
  'iso-8859-2',
  'iso-8859-4',
  'macintosh',
  'ibm850',
  'utf-16le',
  'utf-16be',
]

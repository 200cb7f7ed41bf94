const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const

const systems = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const

const first = (list: readonly (readonly [string, string])[], agent: string) => list.find(([mark]) => agent.includes(mark))?.[1]

/** What a client says of itself, as people know it: "Firefox, Windows". What isn't known stays as it is. */
export function device(agent: string): string {
  return [first(browsers, agent), first(systems, agent)].filter(Boolean).join(', ') || agent
}

/** What was pasted as addresses: those that are, each once, and what is none. */
export type Pasted = { addresses: string[]; others: string[] }

/** Finds the e-mail addresses in what was pasted: from a list, a table, or the line of a mail, with names around them. */
export function addressesIn(pasted: string): Pasted {
  const addresses = new Map<string, string>()
  const others: string[] = []
  for (const line of pasted.split('\n')) {
    const words = line.split(/[\s,;]+/).map(bare)
    const found = words.filter((word) => address.test(word))
    for (const one of found) if (!addresses.has(one.toLowerCase())) addresses.set(one.toLowerCase(), one)
    const broken = words.filter((word) => word.includes('@') && !address.test(word))
    if (found.length === 0 && broken.length === 0 && line.trim() !== '') others.push(line.trim())
    else others.push(...broken)
  }
  return { addresses: [...addresses.values()], others }
}

// What the server says is an address decides; this only tells addresses from names and slips of the hand.
const address = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/

/** A word without the signs that programs put around addresses. */
const bare = (word: string) => word.replace(/^(mailto:|[<("'])+|[>)"'.]+$/g, '')

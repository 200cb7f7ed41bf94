/** How many files are imported with one request: few enough that one sees them come in. */
const size = 25

type Item = { uploadId: string; attachTo?: string }

/** Cuts what is imported into batches, in which a recording stays with the file that it belongs to. */
export function batches<T extends Item>(items: readonly T[], most = size): T[][] {
  const out: T[][] = []
  for (const item of items) {
    if (item.attachTo) continue
    const together = [item, ...items.filter((i) => i.attachTo === item.uploadId)]
    const last = out.at(-1)
    if (last && last.length + together.length <= most) last.push(...together)
    else out.push(together)
  }
  return out
}

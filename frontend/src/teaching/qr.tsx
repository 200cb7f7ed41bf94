import { encode } from 'uqr'

/** A link as a picture that phones read. It is dark on light on every screen, since many read nothing else. */
export function Qr({ link, label }: { link: string; label: string }) {
  const { data, size } = encode(link, { ecc: 'M', border: 4 })
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={runs(data)} fill="#000000" />
    </svg>
  )
}

/** The dark squares as one path, those beside each other in one go. */
function runs(rows: readonly (readonly boolean[])[]): string {
  let path = ''
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      let end = x
      while (row[end]) end++
      if (end > x) path += `M${x} ${y}h${end - x}v1H${x}z`
      x = end
    }
  })
  return path
}

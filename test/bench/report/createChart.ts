import type { Cell, Results } from '../Line.ts'

const width = 720
const labelWidth = 170
const barHeight = 16
const step = 24

interface Bar {
  name: string
  cell: Cell | null
}

const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.bar{fill:#8c959f}.own{fill:#0969da}.never{fill:#cf222e}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#6e7681}.own{fill:#4493f8}.never{fill:#ff7b72}}`

/** Milliseconds from the click to the page in which all is signed out, of all contenders and the three servers. */
export const createChart = ({ lines }: Results): string => {
  const shown = lines.filter(({ measure }) => measure.startsWith('time to signed out, 1,000 '))
  const most = Math.max(
    ...shown.flatMap(({ cells }) => Object.values(cells).map((cell) => cell?.absolute?.median ?? 0)),
  )
  // A server that takes 200 ms would make the others too small to compare.
  const scale = (milliseconds: number): number =>
    (Math.log10(1 + milliseconds) / Math.log10(1 + most)) * (width - labelWidth - 130)
  let y = 22
  const parts: string[] = []
  const text = (x: number, content: string, kind = ''): void => {
    parts.push(`<text x="${x}" y="${y}"${kind && ` class="${kind}"`}>${content}</text>`)
  }
  text(0, 'Click to signed out, milliseconds (logarithmic)', 'title')
  for (const { measure, cells } of shown) {
    y += 34
    text(0, measure.replace(/^.*, server/, 'Server'), 'title')
    const bars: Bar[] = Object.entries(cells).map(([name, cell]) => ({ name, cell }))
    for (const { name, cell } of bars) {
      y += step
      text(12, name)
      const milliseconds = cell?.absolute?.median
      if (milliseconds === undefined) {
        text(labelWidth, 'never', 'never')
        continue
      }
      const length = scale(milliseconds)
      const kind = name === 'signoff' ? 'own' : 'bar'
      parts.push(
        `<rect x="${labelWidth}" y="${y - 13}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" class="${kind}"/>`,
      )
      text(labelWidth + length + 8, `${milliseconds.toFixed(1)} ms`)
    }
  }
  const height = y + 16
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">Milliseconds from a click on log out until the page is signed out: signoff and what one would pick instead</title>
<style>${style}</style>
${parts.join('\n')}
</svg>
`
}

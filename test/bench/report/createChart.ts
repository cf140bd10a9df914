import { contenders, signoff } from '../contenders.ts'
import type { Line, Results } from '../Line.ts'

const width = 720
const labelWidth = 185
const barHeight = 16
const step = 24

const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.bar{fill:#8c959f}.own{fill:#0969da}.missed{fill:#cf222e}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#6e7681}.own{fill:#4493f8}.missed{fill:#ff7b72}}`

/** A bar and what came of it, in words: `Bar ≤ 0.85 of hand-written by stores: 0.91, misses its bar`. */
const describeBar = ({ bar, cells, result }: Line): string =>
  `Bar ${bar}: ${cells[signoff.name]?.value.median.toFixed(2) ?? 'never'}, ${result}`

/** Milliseconds from the click to the page in which all is signed out, of all contenders and the three servers. */
export const createChart = ({ lines }: Results): string => {
  const shown = lines.filter(({ measure }) => /^time to signed out, 1,000 .*, server/.test(measure))
  // Each measure has a line for each bar; the first of them has all contenders.
  const groups = Array.from(new Set(shown.map(({ measure }) => measure)), (measure) =>
    shown.filter((line) => line.measure === measure),
  )
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
  text(0, 'Click to signed out, 1,000 queries, milliseconds (logarithmic)', 'title')
  for (const bars of groups) {
    const [first] = bars
    if (!first) continue
    const { measure, cells } = first
    y += 34
    text(0, measure.replace(/^.*, server/, 'Server'), 'title')
    for (const bar of bars) {
      y += step - 4
      text(12, describeBar(bar), bar.result === 'misses its bar' ? 'missed' : '')
    }
    for (const { name } of contenders) {
      const cell = cells[name]
      if (cell === undefined) continue
      y += step
      text(12, name)
      const milliseconds = cell?.absolute?.median
      if (milliseconds === undefined) {
        text(labelWidth, 'never', 'missed')
        continue
      }
      const length = scale(milliseconds)
      const kind = name === signoff.name ? 'own' : 'bar'
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

/** The median of all runs, and between which values the middle half of them lies. */
export interface Figure {
  median: number
  low: number
  high: number
}

const quantile = (sorted: number[], share: number): number => {
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

export const summarize = (values: number[]): Figure => {
  const sorted = values.slice().sort((one, other) => one - other)
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) }
}

/** Each run against the floor's run of the same round. */
export const summarizeRatio = (values: number[], floor: number[]): Figure =>
  summarize(values.map((value, round) => value / (floor[round] ?? Number.NaN)))

import { countTraces, type Traces } from './traces.ts'

interface VerdictProps {
  traces: Traces
}

/** The sum of it all, in one number and one line. */
export function Verdict({ traces }: VerdictProps) {
  const count = countTraces(traces)

  return (
    <p className={count === 0 ? 'verdict verdict-nothing' : 'verdict'}>
      <span className="verdict-count">{count}</span>{' '}
      <span className="verdict-line">{describe(traces, count)}</span>
    </p>
  )
}

function describe({ status, mutations, requests }: Traces, count: number): string {
  if (count === 0) return 'Nothing is left.'
  const things = count === 1 ? 'thing' : 'things'
  if (status !== 'signed-out') return `${things} of yours in this tab`
  const isOnTheWay = requests.length > 0 || mutations.some((mutation) => mutation.status === 'pending')
  return isOnTheWay ? `${things} on the way to the server` : `${things} of an attempt that failed`
}

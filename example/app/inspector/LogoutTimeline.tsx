import { useSyncExternalStore } from 'react'
import { type Moment, timeline } from './timeline.ts'

const rows = [
  { key: 'user', name: 'User' },
  { key: 'tokens', name: 'Tokens' },
  { key: 'storage', name: 'Storage keys' },
  { key: 'queries', name: 'Private queries' },
  { key: 'mutations', name: 'Mutations' },
  { key: 'requests', name: 'Requests' },
  { key: 'sessions', name: 'Sessions' },
] as const

/** The last logout in three columns. */
export function LogoutTimeline() {
  const { before, during, after } = useSyncExternalStore(timeline.subscribe, timeline.get)
  const moments = [
    { name: 'Before', moment: before },
    { name: 'During', moment: during },
    { name: 'After', moment: after },
  ]

  return (
    <table className="timeline">
      <caption>Last logout</caption>
      <thead>
        <tr>
          <td />
          {moments.map(({ name, moment }) => (
            <th key={name} scope="col">
              {name}
              <span className="timeline-time">{moment ? formatElapsed(moment) : '\u00a0'}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            {moments.map((column) => {
              const value = column.moment?.[key]
              const isGone = value === 0 && before?.[key] !== 0
              return (
                <td key={column.name} className={isGone ? 'timeline-gone' : undefined}>
                  {value ?? '–'}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function formatElapsed({ elapsed }: Moment): string {
  return `${elapsed > 0 && elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} ms`
}

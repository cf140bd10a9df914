import type { QueryTrace } from './traces.ts'

interface QueryListProps {
  queries: QueryTrace[]
}

export function QueryList({ queries }: QueryListProps) {
  return (
    <ul role="list">
      {queries.map(({ id, status, fetchStatus, observers }) => (
        <li key={id}>
          <code>{id}</code>
          <span>
            {fetchStatus === 'idle' ? status : fetchStatus} · {observers}{' '}
            {observers === 1 ? 'observer' : 'observers'}
          </span>
        </li>
      ))}
    </ul>
  )
}

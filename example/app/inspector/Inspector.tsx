import { useEffect, useSyncExternalStore } from 'react'
import { Figure } from './Figure.tsx'
import { LogoutTimeline } from './LogoutTimeline.tsx'
import { liveSessions, refreshLiveSessions } from './liveSessions.ts'
import { QueryList } from './QueryList.tsx'
import { TokensFigure } from './TokensFigure.tsx'
import { getTraces, subscribeToTraces } from './traces.ts'
import { Verdict } from './Verdict.tsx'

/** Shows what exists of the user right now. */
export function Inspector() {
  const traces = useSyncExternalStore(subscribeToTraces, getTraces)
  const sessions = useSyncExternalStore(liveSessions.subscribe, liveSessions.get)
  const { status, reason, localKeys, sessionKeys, mutations, requests } = traces

  useEffect(() => {
    const refresh = () => void refreshLiveSessions()
    const timer = setInterval(refresh, 2_000)
    document.addEventListener('visibilitychange', refresh)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', refresh)
    }
  }, [])

  useEffect(() => void refreshLiveSessions(), [status])

  return (
    <section className="inspector" aria-labelledby="inspector-heading">
      <header className="inspector-header">
        <h2 id="inspector-heading">Inspector</h2>
        <p className="state">
          <span className={`state-light state-light-${status}`} aria-hidden="true" />
          {reason ? `${status} · ${reason}` : status}
        </p>
      </header>
      <Verdict traces={traces} />
      <dl className="figures">
        <Figure name="User" value={Number(traces.hasUser)} detail={traces.hasUser ? 'in memory' : ''} />
        <TokensFigure traces={traces} />
        <Figure name="localStorage" value={localKeys.length} detail={localKeys.join(', ')} />
        <Figure name="sessionStorage" value={sessionKeys.length} detail={sessionKeys.join(', ')} />
        <Figure
          name="Mutations"
          value={mutations.length}
          detail={mutations.map(describeMutation).join(', ')}
        />
        <Figure name="Requests in flight" value={requests.length} detail={requests.join(', ')} />
        <Figure name="Private queries" value={traces.privateQueries.length}>
          {traces.privateQueries.length > 0 && <QueryList queries={traces.privateQueries} />}
        </Figure>
        <Figure name="Public queries" value={traces.publicQueries.length} lines={1} isPublic>
          {traces.publicQueries.length > 0 && <QueryList queries={traces.publicQueries} />}
        </Figure>
        <Figure name="Sessions on the server" value={sessions} detail="everybody’s" isPublic />
      </dl>
      <LogoutTimeline />
    </section>
  )
}

function describeMutation({ key, status }: { key: string; status: string }): string {
  return `${key} (${status})`
}

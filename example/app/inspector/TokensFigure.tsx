import { Figure } from './Figure.tsx'
import { countTokens, type Traces } from './traces.ts'

interface TokensFigureProps {
  traces: Traces
}

/** The access token with the time that it has left, and the refresh token with what it was good for. */
export function TokensFigure({ traces }: TokensFigureProps) {
  const { hasRefreshToken, refreshes } = traces

  return (
    <Figure name="Tokens" value={countTokens(traces)} detail={describeAccessToken(traces)} lines={1}>
      {hasRefreshToken && (
        <ul role="list">
          <li>
            refresh token{' '}
            <span>
              {refreshes.here} {refreshes.here === 1 ? 'refresh' : 'refreshes'} here, {refreshes.elsewhere}{' '}
              elsewhere
            </span>
          </li>
        </ul>
      )}
    </Figure>
  )
}

function describeAccessToken({ tokenLength, secondsLeft }: Traces): string {
  if (tokenLength === 0) return ''
  if (secondsLeft === null) return `${tokenLength} characters`
  return secondsLeft > 0 ? `access token, ${secondsLeft} s left` : 'access token, expired'
}

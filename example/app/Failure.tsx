import { errorMessage } from './errorMessage.ts'

interface FailureProps {
  /** What could not be done, as a sentence. */
  title: string
  error: Error
  isRetrying: boolean
  onRetry: () => void
}

export function Failure({ title, error, isRetrying, onRetry }: FailureProps) {
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{title}</strong> <span className="quiet">{errorMessage(error)}</span>
      </p>
      <button type="button" className="button-quiet" onClick={onRetry} aria-disabled={isRetrying}>
        Try again
      </button>
    </div>
  )
}

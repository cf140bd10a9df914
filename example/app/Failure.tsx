import { type RefObject, useLayoutEffect, useRef } from 'react'
import { errorMessage } from './errorMessage.ts'

interface FailureProps {
  /** What could not be done, as a sentence. */
  title: string
  error: Error
  /** Heading of what failed. */
  heading: RefObject<HTMLHeadingElement | null>
  onRetry: () => void
}

export function Failure({ title, error, heading, onRetry }: FailureProps) {
  const button = useRef<HTMLButtonElement>(null)

  // The button goes with the failure, and the focus with the button.
  useLayoutEffect(() => {
    const [lost, next] = [button.current, heading.current]
    return () => {
      if (document.activeElement === lost) next?.focus()
    }
  }, [heading])

  return (
    <div className="failure" role="alert">
      <p>
        <strong>{title}</strong> <span className="quiet">{errorMessage(error)}</span>
      </p>
      <button type="button" className="button-quiet" ref={button} onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}

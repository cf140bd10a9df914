import { isRequestError, useLogout } from 'signoff'
import { finishTimeline, startTimeline } from '../inspector/timeline.ts'
import type { LogoutReceipt } from './Farewell.tsx'

interface LogoutButtonProps {
  onStart: () => void
  onEnd: (receipt: LogoutReceipt) => void
}

export function LogoutButton({ onStart, onEnd }: LogoutButtonProps) {
  const logout = useLogout({
    // The result holds the user and the dead token as well: only what is harmless goes on from here.
    onSuccess: ({ status, statusText, revoked, error }) =>
      onEnd({ status, statusText, revoked, errorCode: isRequestError(error) ? error.code : null }),
    onSettled: () => void finishTimeline(),
  })

  function handleClick() {
    onStart()
    startTimeline()
    logout.mutate()
  }

  return (
    <button type="button" className="button-quiet" onClick={handleClick} disabled={logout.isPending}>
      Log out
    </button>
  )
}

import { useAuth } from 'signoff'

/** What may be kept of a logout's result: nothing that tells whose it was. */
export interface LogoutReceipt {
  status: number
  statusText: string
  revoked: boolean
  errorCode: string | null
}

interface FarewellProps {
  receipt: LogoutReceipt | null
}

/** Why nobody is signed in, and what the server said to the logout. */
export function Farewell({ receipt }: FarewellProps) {
  const reason = useAuth((state) => (state.status === 'signed-out' ? state.reason : null))

  if (reason === null) return null
  if (reason === 'rejected') {
    return (
      <div className="farewell">
        <p>Your session has ended.</p>
        <p className="farewell-detail">The server no longer accepts its token.</p>
      </div>
    )
  }
  if (reason === 'elsewhere') {
    return (
      <div className="farewell">
        <p>You are signed out.</p>
        <p className="farewell-detail">It happened in another tab.</p>
      </div>
    )
  }
  return (
    <div className={receipt?.revoked === false ? 'farewell farewell-open' : 'farewell'}>
      <p>You are signed out.</p>
      <div className="farewell-detail farewell-answer">
        <p>{receipt ? describeAnswer(receipt) : 'Telling the server…'}</p>
        <p>{receipt && (receipt.revoked ? 'token revoked' : 'revocation unconfirmed')}</p>
      </div>
    </div>
  )
}

function describeAnswer({ status, statusText, errorCode }: LogoutReceipt): string {
  if (status === 0) return errorCode ? `No answer (${errorCode})` : 'No answer'
  return `HTTP ${status} ${statusText}`.trim()
}

import { SignedIn } from 'signoff'
import type { LogoutReceipt } from './account/Farewell.tsx'
import { LogoutButton } from './account/LogoutButton.tsx'
import { UserName } from './account/UserName.tsx'

interface HeaderProps {
  onLogoutStart: () => void
  onLogoutEnd: (receipt: LogoutReceipt) => void
}

export function Header({ onLogoutStart, onLogoutEnd }: HeaderProps) {
  const logoutButton = <LogoutButton onStart={onLogoutStart} onEnd={onLogoutEnd} />

  return (
    <header className="header">
      <h1 className="brand">
        signoff{' '}
        <span className="brand-line">
          <span className="brand-dash">— </span>a notebook that forgets
        </span>
      </h1>
      <div className="header-account">
        <SignedIn fallback={logoutButton}>
          <UserName />
          {logoutButton}
        </SignedIn>
      </div>
    </header>
  )
}

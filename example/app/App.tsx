import { useState } from 'react'
import { SignedIn, SignedOut } from 'signoff'
import { Account } from './account/Account.tsx'
import { Farewell, type LogoutReceipt } from './account/Farewell.tsx'
import { Restoring } from './account/Restoring.tsx'
import { Announcements } from './Announcements.tsx'
import { Announcer } from './Announcer.tsx'
import { Header } from './Header.tsx'
import { Inspector } from './inspector/Inspector.tsx'
import { Notes } from './notes/Notes.tsx'

export function App() {
  const [receipt, setReceipt] = useState<LogoutReceipt | null>(null)

  return (
    <div className="frame">
      <div className="desk">
        <Header onLogoutStart={() => setReceipt(null)} onLogoutEnd={setReceipt} />
        <main className="spread">
          <div className="sheet">
            <SignedIn fallback={<Restoring />}>
              <Notes />
            </SignedIn>
            <SignedOut>
              <Farewell receipt={receipt} />
              <Account />
            </SignedOut>
          </div>
          <Announcements />
        </main>
      </div>
      <Inspector />
      <Announcer />
    </div>
  )
}

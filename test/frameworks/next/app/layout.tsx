import Link from 'next/link'
import type { ReactNode } from 'react'
import { Account } from './Account.tsx'
import { Providers } from './Providers.tsx'

export const metadata = { title: 'Notes' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <Providers>
          <nav>
            <Link href="/">Notes</Link> <Link href="/draft">Draft</Link>
          </nav>
          <Account />
          {children}
        </Providers>
      </body>
    </html>
  )
}

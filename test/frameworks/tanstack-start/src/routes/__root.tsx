import { createRootRouteWithContext, HeadContent, Outlet, Scripts } from '@tanstack/react-router'
import type { App } from '../auth.ts'

const Root = () => (
  <html lang="en">
    <head>
      <HeadContent />
    </head>
    <body>
      <Outlet />
      <Scripts />
    </body>
  </html>
)

export const Route = createRootRouteWithContext<App>()({
  head: () => ({
    meta: [{ charSet: 'utf-8' }, { title: 'Notes' }],
    links: [{ rel: 'icon', href: 'data:,' }],
  }),
  component: Root,
})

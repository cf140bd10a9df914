import { createRootRoute, createRoute, redirect } from '@tanstack/react-router'
import { Login } from './Login.tsx'
import { Notes } from './Notes.tsx'
import { isLoggedIn } from './useAuth.ts'

const rootRoute = createRootRoute()

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  component: Login,
  beforeLoad: () => {
    if (isLoggedIn()) throw redirect({ to: '/' })
  },
})

const layoutRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: '_layout',
  beforeLoad: () => {
    if (!isLoggedIn()) throw redirect({ to: '/login' })
  },
})

const notesRoute = createRoute({ getParentRoute: () => layoutRoute, path: '/', component: Notes })

export const routeTree = rootRoute.addChildren([loginRoute, layoutRoute.addChildren([notesRoute])])

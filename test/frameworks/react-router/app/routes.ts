import { index, layout, route, type RouteConfig } from '@react-router/dev/routes'

export default [
  layout('routes/private.tsx', [index('routes/notes.tsx')]),
  route('login', 'routes/login.tsx'),
] satisfies RouteConfig

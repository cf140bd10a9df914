import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFences } from '../recipes/openRecipe.ts'
import { preparePython, type PythonServer } from './preparePython.ts'

/** A real server, whose client is the code of a recipe. */
export interface Backend {
  name: string
  recipe: string
  /** Follows what the recipe says may be another for some. */
  change?: (code: string) => string
  /** The packages of Debian that bring it. */
  packages: string
  /** What starts it, or `undefined` where this machine cannot. */
  start: (() => Promise<PythonServer>) | undefined
  credentials: (name: string) => object
  userOf: (name: string) => object
  /** What a request carries. */
  carry: (token: string) => string
  routes: { login: string; logout?: string }
  /** What a logout really ends on the server. */
  ends: 'the token' | 'the refresh token' | 'nothing'
}

export const noteOf = (name: string): string => `private note of ${name}@example.com`

/** Starts a server with the Python that its recipe shows. */
const withRecipe = (
  modules: string,
  recipe: string,
  file: string,
  ...args: string[]
): (() => Promise<PythonServer>) | undefined => {
  const run = preparePython(modules)
  if (!run) return undefined
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signoff-'))
    const path = join(folder, 'recipe.py')
    await writeFile(path, (await readFences(`recipes/${recipe}`, 'py')).join('\n'))
    const server = await run(file, ...args, path)
    await rm(folder, { recursive: true })
    return server
  }
}

const fastApi = {
  recipe: 'fastapi',
  packages: 'python3-fastapi python3-uvicorn python3-multipart python3-jwt',
  credentials: (name: string) => ({ username: `${name}@example.com`, password: 'Secret123' }),
  userOf: (name: string) => ({ id: name === 'ada' ? 1 : 2, email: `${name}@example.com` }),
  carry: (token: string) => `Bearer ${token}`,
}
const fastApiModules = 'fastapi, uvicorn, multipart, jwt'
const runFastApi = preparePython(fastApiModules)

const django = {
  credentials: (name: string) => ({ username: name, password: 'Secret123' }),
}
const djangoModules = 'django, rest_framework, rest_framework_simplejwt'
const djangoPackages = 'python3-djangorestframework python3-djangorestframework-simplejwt'

const simpleJwt = {
  ...django,
  recipe: 'django-simplejwt',
  packages: djangoPackages,
  userOf: (name: string) => ({ id: name === 'ada' ? 1 : 2, username: name }),
  carry: (token: string) => `Bearer ${token}`,
  routes: { login: 'POST /token/', logout: 'POST /token/blacklist/' },
  ends: 'the refresh token' as const,
}

export const backends: Backend[] = [
  {
    ...fastApi,
    name: 'FastAPI',
    start: runFastApi && (() => runFastApi('fastapi_server.py')),
    routes: { login: 'POST /token' },
    ends: 'nothing',
  },
  {
    ...fastApi,
    name: 'FastAPI with tokens that can be revoked',
    start: withRecipe(fastApiModules, 'fastapi', 'fastapi_server.py'),
    change: (code) => code.replace('logout: null', `logout: 'logout'`),
    routes: { login: 'POST /token', logout: 'POST /logout' },
    ends: 'the token',
  },
  {
    ...django,
    name: 'Django REST framework',
    recipe: 'django-rest-framework',
    packages: djangoPackages,
    start: withRecipe(djangoModules, 'django-rest-framework', 'django_server.py', 'authtoken'),
    userOf: (name) => ({ id: name === 'ada' ? 1 : 2, username: name, email: `${name}@example.com` }),
    carry: (token) => `Token ${token}`,
    routes: { login: 'POST /login/', logout: 'POST /logout/' },
    ends: 'the token',
  },
  {
    ...simpleJwt,
    name: 'Simple JWT',
    start: withRecipe(djangoModules, 'django-simplejwt', 'django_server.py', 'simplejwt'),
  },
  {
    ...simpleJwt,
    name: 'Simple JWT with rotation',
    start: withRecipe(djangoModules, 'django-simplejwt', 'django_server.py', 'simplejwt-rotation'),
  },
]

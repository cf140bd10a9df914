import { describe, expect, it } from 'vitest'
import { ended, failure } from '../support/requests.ts'
import { backends, noteOf } from './backends.ts'
import { setUpBackend } from './setUpBackend.ts'

const backend = backends.find(({ recipe }) => recipe === 'django-rest-framework')

describe.skipIf(!backend?.start)('Django REST framework', () => {
  if (!backend) return
  const { getClient, logIn, readNotes, isAlive, carried, post } = setUpBackend(backend)

  const logInElsewhere = async (name: string): Promise<string> => {
    const answer = await post('/login/', backend.credentials(name))
    return ((await answer.json()) as { token: string }).token
  }

  const logOutElsewhere = (token: string) => post('/logout/', {}, { Authorization: `Token ${token}` })

  it('has one token for each user: another login of theirs revokes nothing', async () => {
    const { token } = await logIn('ada')
    expect(await logIn('ada')).toMatchObject({ token })
    expect(await readNotes()).toEqual([noteOf('ada')])
    expect(carried('POST /logout/')).toEqual([])
  })

  it('signs out every device of the user, and no other user', async () => {
    const [ada, bob] = [await logInElsewhere('ada'), await logInElsewhere('bob')]
    await logIn('ada')
    await getClient().logout()
    expect(await isAlive(ada)).toBe(false)
    expect(await isAlive(bob)).toBe(true)
  })

  it('ends the session here where the user has logged out on another device', async () => {
    const { token } = await logIn('ada')
    expect(await logInElsewhere('ada')).toBe(token)
    await logOutElsewhere(token)
    expect(await failure(readNotes())).toEqual(ended('rejected'))
  })

  it('takes the scheme Token alone', async () => {
    const { token } = await logIn('ada')
    expect(carried('GET /me/')).toEqual([`Token ${token}`])
  })
})

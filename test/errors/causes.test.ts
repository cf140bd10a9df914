// @vitest-environment node
import { describe, expect, it } from 'vitest'
import {
  AuthError,
  isAuthError,
  isRequestError,
  isSessionEndedError,
  isSignedOutError,
  RequestError,
  SessionEndedError,
  SignedOutError,
} from 'signoff'

const errors = {
  RequestError: new RequestError('No', { code: 'http', status: 422, statusText: '' }),
  SignedOutError: new SignedOutError(),
  SessionEndedError: new SessionEndedError('logout'),
}

const guards: [string, (value: unknown) => boolean, Error, Error[]][] = [
  ['isAuthError', isAuthError, new AuthError('Oops'), []],
  ['isRequestError', isRequestError, errors.RequestError, [errors.SignedOutError, errors.SessionEndedError]],
  ['isSignedOutError', isSignedOutError, errors.SignedOutError, [errors.RequestError]],
  ['isSessionEndedError', isSessionEndedError, errors.SessionEndedError, [errors.SignedOutError]],
]

/** An error as clients make it of what their transport throws. */
const wrap = (cause: unknown, times = 1): unknown =>
  times === 0 ? cause : new TypeError('fetch failed', { cause: wrap(cause, times - 1) })

const circle = () => {
  const [first, second] = [new Error('first'), new Error('second')]
  first.cause = second
  second.cause = first
  return first
}

describe.each(guards)('%s', (_name, guard, own, others) => {
  it('knows its error, also as the cause of others', () => {
    for (const times of [0, 1, 2, 10]) expect(guard(wrap(own, times))).toBe(true)
    expect(guard({ cause: own })).toBe(true)
  })

  it('knows it as the cause of another error of signoff’s', () => {
    expect(guard(new RequestError('No', { code: 'network', status: 0, statusText: '', cause: own }))).toBe(
      true,
    )
  })

  it.each(others)('is not taken in by a %s', (other) => {
    expect(guard(other)).toBe(false)
    expect(guard(wrap(other))).toBe(false)
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'SessionEndedError'],
    ['any other error', wrap(new Error('cause'), 3)],
    ['one of the same name', Object.assign(new Error(own.message), { name: own.name })],
    ['a cause that is no error', wrap('logout')],
  ])('says no to %s', (_what, value) => {
    expect(guard(value)).toBe(false)
  })

  it('comes to an end where errors cause each other', () => {
    expect(guard(circle())).toBe(false)
    const itself = new Error('itself')
    itself.cause = itself
    expect(guard(itself)).toBe(false)
  })

  it('looks at no more than ten causes', () => {
    expect(guard(wrap(own, 11))).toBe(false)
    let reads = 0
    const endless = {
      get cause() {
        reads += 1
        return endless
      },
    }
    expect(guard(endless)).toBe(false)
    expect(reads).toBeLessThanOrEqual(11)
  })
})

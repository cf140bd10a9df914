import { type AuthState, serverState } from './AuthState.ts'

/** Reads a part of the state that is on: another function for each user and each token. */
export type Read<TValue> = () => TValue

/**
 * Tells states apart without the user or the token in it. React may keep it too long: it keeps what a mounted component
 * rendered last, and the time before.
 */
export interface StateMark {
  /** Which session it is, counted from 1. */
  readonly epoch: number
  /**
   * The epoch while somebody is signed in, and its negative while their token is being checked: 0 while it is not known
   * whether there is one.
   */
  readonly key: number | 'signed-out'
  readonly user: Read<unknown>
  readonly token: Read<string | null>
  /** How often everything on screen had to be mounted anew. */
  readonly mount: number
}

const readNobody = (): null => null

const marks = new WeakMap<AuthState, StateMark>([
  [serverState, { epoch: 0, key: 0, user: readNobody, token: readNobody, mount: 0 }],
])

export const markOf = (state: AuthState): StateMark => marks.get(state) as StateMark

/** @param before - The state before. What has not changed is read by the same functions. */
export const markState = (
  state: AuthState,
  before: AuthState | undefined,
  read: Pick<StateMark, 'user' | 'token'>,
  { epoch, mount }: Pick<StateMark, 'epoch' | 'mount'>,
): void => {
  const known = markOf(before ?? serverState)
  const choose = <TValue>(
    part: 'user' | 'token',
    same: Read<TValue>,
    other: Read<TValue>,
  ): Read<TValue | null> => {
    if (state[part] === null) return readNobody
    return before?.[part] === state[part] ? same : other
  }
  marks.set(state, {
    epoch,
    key: state.status === 'signed-out' ? state.status : state.user ? epoch : -epoch,
    user: choose('user', known.user, read.user),
    token: choose('token', known.token, read.token),
    mount,
  })
}

/** Lets everything that shows a state be mounted anew. */
export const remarkState = (state: AuthState, mount: number): void =>
  void marks.set(state, { ...markOf(state), mount })

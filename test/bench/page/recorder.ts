import { isSignedOut, look } from './look.ts'

/** What one click on the logout button brought about. */
export interface Recording {
  /** Milliseconds from the click to the commit in which all was signed out; `null` while there is none. */
  took: number | null
  /** Commits up to that one, it included; then all that there were. */
  commits: number
  allCommits: number
  /** Frames painted between the click and that commit. */
  frames: number
  /** Frames that showed neither the page before nor the page after. */
  mixedFrames: number
  /** Milliseconds since the page began to when React first committed. */
  firstCommitAt: number | null
}

const recording: Recording = {
  took: null,
  commits: 0,
  allCommits: 0,
  frames: 0,
  mixedFrames: 0,
  firstCommitAt: null,
}

let clickedAt: number | null = null
/** Looking at the page takes time, which is not the contender's. */
let spent = 0

const aside = (act: () => void): void => {
  const since = performance.now()
  act()
  spent += performance.now() - since
}

const onCommit = (): void => {
  const at = performance.now() - spent
  recording.firstCommitAt ??= at
  if (clickedAt === null) return
  const since = clickedAt
  recording.allCommits += 1
  if (recording.took !== null) return
  recording.commits += 1
  aside(() => {
    if (isSignedOut()) recording.took = at - since
  })
}

const onFrame = (): void => {
  if (recording.took === null) recording.frames += 1
  aside(() => {
    if (look() === 'mixed') recording.mixedFrames += 1
  })
  requestAnimationFrame(onFrame)
}

// React tells its developer tools of each commit, in production builds as well. It looks for them when it is loaded.
Object.assign(window, {
  __REACT_DEVTOOLS_GLOBAL_HOOK__: {
    supportsFiber: true,
    renderers: new Map(),
    checkDCE() {},
    inject: () => 1,
    onCommitFiberRoot: onCommit,
  },
})

/** Records what follows on the next click. */
export const record = (): Recording => {
  window.addEventListener(
    'click',
    () => {
      clickedAt = performance.now() - spent
      requestAnimationFrame(onFrame)
    },
    { capture: true, once: true },
  )
  return recording
}

export const readRecording = (): Recording => recording

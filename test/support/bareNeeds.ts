interface Need {
  reason: string
  /** By file, the tests or groups of tests whose full name contains one of these. */
  tests: Record<string, string[]>
}

/** What `--mode bare` leaves out, and why. */
export const needs: Need[] = [
  {
    reason: 'Tabs tell each other by BroadcastChannel',
    tests: {
      'browser/async-storage.test.tsx': ['follow each other’s logins and logouts'],
      'browser/tabs.test.tsx': [
        'outdates a login that was called before it in the other',
        'a logout in one tab',
        'messages',
        'because the API rejected the token reaches the other',
        'tabs that share a storage without events > hear of',
        'outdate no login that another has called since',
      ],
      'browser/token-of-another-api.test.ts': [
        'is replaced by a login, and revoked by those to whom it belonged',
      ],
      'client/login-mutations.test.ts': ['another tab’s logout has outdated', 'asks for one login'],
      'client/logout-everywhere.test.tsx': ['signs the other tabs out'],
      'client/outdated-logins.test.tsx': ['another tab’s log'],
      'client/own-login.test.tsx': ['in another tab hears of it'],
      'client/unmounted.test.tsx': ['tells the other tabs of its logout', 'leaves no channel open'],
      'refresh/counterexamples.test.ts': ['LOGOUT_FROM_MEMORY', 'WITHOUT_LATE_RENEWALS'],
      'refresh/rules.test.tsx': ['stored in the moment in which another tab logs out'],
      'session/restore.test.tsx': ['are one set', 'are none after'],
    },
  },
  {
    reason: 'Where there is no page, a client that nobody mounts does not ask the storages of a page',
    tests: {
      'cache/foreign-copies.test.tsx': [
        'that a module asks for, and which comes after the client is mounted',
      ],
      'client/unmounted.test.tsx': [
        'logs out whom another tab has logged in meanwhile',
        'leaves none once somebody who has subscribed has gone',
      ],
    },
  },
  {
    reason: 'The reason of a caller’s own signal is asked for, which such signals do not know',
    tests: {
      'http/api.test.ts': ['a caller’s own signal'],
      'http/fetch.test.ts': [
        'a caller’s own signal',
        'hears the caller’s own signal while the body of its response is read',
        'does not wait for a schema when the caller’s signal is aborted',
      ],
      'testing/testing.test.tsx': ['rejects with the reason of a signal that is aborted'],
    },
  },
  {
    reason: 'ky limits the time for a body by AbortSignal.any',
    tests: { 'http/fetch.test.ts': ['gives up on a body for which its time-out is over'] },
  },
]

/*
 * The refresh of a session across tabs. `npm run protocol` explores every order of its events.
 *
 * Tabs share a storage and locks. A token stands for a pair: access and refresh token are stored in one value, together
 * with the number of their session. At any step a tab crashes and is opened anew, a request or an answer is lost, a user
 * logs out in any tab, another user logs in, and the server ends a session for reasons of its own.
 */

#ifndef TABS
#define TABS 2
#endif
/* The most that a tab starts. */
#ifndef REFRESHES
#define REFRESHES 2
#endif

/* The sessions of two users. A later session of the same user has another number too. */
#define SESSIONS 3
#define NOBODY 0
#define A 1
#define B 2
#define nameOf(session) (session + 64)

typedef Pair {
  byte session;
  byte token
}

#define same(one, other) (one.session == other.session && one.token == other.token)

inline copy(from, to) {
  to.session = from.session;
  to.token = from.token
}

inline clear(pair) {
  pair.session = NOBODY;
  pair.token = 0
}

/* One for each session, so that B never waits for a refresh of A's. */
#define FREE TABS
byte lock[SESSIONS] = FREE;
Pair stored;

mtype:state = { idle, waitingForLock, sending, sendingAgain, revoking };
mtype:state state[TABS] = idle;
/* What a tab remembers, which is what it shows. */
Pair known[TABS];
/* What its refresh is about. */
Pair sent[TABS];
byte refreshes[TABS];
/* The refresh is for a logout whose access token had expired: what it brings is revoked. */
bool isFarewell[TABS];
/* For COMPARE_THEN_WRITE alone. */
bool hasCompared[TABS];
bool wasUnchanged[TABS];

mtype:message = { nothing, request, rotated, refused, lost };
mtype:message network[TABS] = nothing;
/* A request whose sender is gone. It arrives all the same, and nobody reads the answer. */
Pair leftBehind[TABS];

#if TABS > 2
#define anyTab(holds, whose) (holds(0, whose) || holds(1, whose) || holds(2, whose))
#else
#define anyTab(holds, whose) (holds(0, whose) || holds(1, whose))
#endif

#define bit(token) (1 << (token))
#define has(set, token) (((set) >> (token)) & 1)

#include "switches.pml"
#include "properties.pml"
#include "server.pml"
#include "network.pml"
#include "tab.pml"

/* Fails as soon as the property that is checked does not hold. */
proctype monitor() {
end:
  if
  :: !(PROPERTY) -> assert(false)
  fi
}

init {
  byte each;
  atomic {
    open(A);
    stored.session = A;
    stored.token = 1;
    run server(A);
    run server(B);
    run monitor();
    for (each : 0 .. TABS - 1) {
      copy(stored, known[each]);
      run carry(each);
      run tab(each)
    }
  }
}

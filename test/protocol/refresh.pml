/*
 * The refresh of a session across tabs. `npm run protocol` explores every order of its events.
 *
 * Tabs share a storage and locks. A token stands for a pair: access and refresh token are stored in one value, together
 * with the number of their session. At any step a tab crashes and is opened anew, a request or an answer is lost, a user
 * logs out in any tab, another user logs in, and the server ends a session for reasons of its own.
 *
 * With LATE_STORAGE, a tab sees what another has stored, and hears of a logout, at any later time. Then nothing is lost and
 * no tab crashes: the worlds without it show what that does.
 */

#include "switches.pml"

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
#if WITHOUT_SESSION_NUMBER
#define TOKENS 8
byte lock[SESSIONS * TOKENS] = FREE;
/* A tab numbers a token that it has not stored itself after that token. */
byte knownNumber[TABS] = 1;
byte sentNumber[TABS];
#define lockOf(tab) (sent[tab].session * TOKENS + sentNumber[tab])
#else
byte lock[SESSIONS] = FREE;
#define lockOf(tab) (sent[tab].session)
#endif

Pair stored;
#if LATE_STORAGE
/* What a tab sees of it: its own writes at once, those of others later. */
Pair seen[TABS];
/* What a tab has written has not arrived yet. What arrives last stays. */
bool isWriting[TABS];
#define storage seen[me]
#define isUnsettled(tab, whose) (isWriting[tab] || !same(stored, seen[tab]))
#else
#define storage stored
#define isUnsettled(tab, whose) (false)
#endif

mtype:state = { idle, waitingForLock, following, sending, sendingAgain, revoking };
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

typedef PerSession {
  byte at[SESSIONS]
}

#if LATE_STORAGE
/* Tokens, one bit each, that a tab has exchanged, and whose lock it holds until every tab sees what it has stored. */
PerSession marks[TABS];
/* A message on its way to a tab: with which token the session was ended. */
PerSession told[TABS];
/* The same, until the tab has looked at the storage again. */
PerSession looking[TABS];
/* The token that a tab had when it saw that the session has ended, until it hears who has ended it. */
PerSession missed[TABS];
/* The last session that has ended, and with which token, as far as a tab knows. */
Pair lastEnded[TABS];
#define isAny(array, tab) (array[tab].at[A] != 0 || array[tab].at[B] != 0)
#define isTelling(tab, whose) (isAny(told, tab) || isAny(looking, tab))
#define isMarkedBy(tab, whose) (has(marks[tab].at[sent[me].session], sent[me].token))
#else
#define isTelling(tab, whose) (false)
#endif

#define bit(token) (1 << (token))
#define has(set, token) (((set) >> (token)) & 1)

#include "properties.pml"
#include "server.pml"
#include "network.pml"
#include "storage.pml"
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
#if LATE_STORAGE
      copy(stored, seen[each]);
#endif
      run carry(each);
      run tab(each)
    }
  }
}

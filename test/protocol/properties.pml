/* What holds whatever happens. */

/* No session comes back after its logout: neither into the storage nor into a tab. With LATE_STORAGE: `noLastingResurrection`. */
bool noResurrection = true;
/* Honest tabs never raise the reuse alarm. One exception: `unheard`. */
bool noReuseAlarm = true;
/* A refresh of A's session neither overwrites nor removes what is B's. */
bool othersUntouched = true;
/* The protocol neither signs somebody out whose session lives on the server, nor revokes that session. */
bool neverSignedOutAlive = true;
/* A refresh token whose refusal a tab has heard is sent by none. A logout does not know of the refusal, and asks once. */
bool neverRefusedTwice = true;

/* The user has ended the session: by a logout, or by a login that replaced it. */
bool isEnded[SESSIONS];
/* Tokens, one bit each, that were sent and whose answer nobody has read: the tab crashed, or it was lost twice. */
byte unheard[SESSIONS];
/* Tokens, one bit each, whose refusal a tab has heard. */
byte heardRefused[SESSIONS];
/* The newest token that any tab has heard of. */
byte newestHeard[SESSIONS];

#define isBusy(tab, whose) \
  (sent[tab].session == whose && (network[tab] != nothing || isFarewell[tab]) || leftBehind[tab].session == whose)

/* A tab crashed before the refresh of its farewell was answered. */
bool isDeserted[SESSIONS];

/* The answer was read by nobody. */
#define isLost(whose) (current[whose] > newestHeard[whose] && has(unheard[whose], current[whose] - 1))

/* What a crash, or an answer that was lost twice, leaves behind: one token that lives on the server and that nobody has. */
#define isLeftByCrash(whose) (isLost(whose) || isDeserted[whose])

/* Everybody sees what is stored, has heard of every logout, and shows what is stored. */
#define isBehind(tab, whose) (isUnsettled(tab, whose) || isTelling(tab, whose) || !same(known[tab], stored))
#define isQuiet (!LATE_STORAGE || !anyTab(isBehind, NOBODY))

#define isDrained(whose) (!isRevoking[whose] && !anyTab(isBusy, whose) && isQuiet)

#define isDead(whose) (!isEnded[whose] || !isDrained(whose) || !isAlive[whose] || isLeftByCrash(whose))

/* After a logout, and when the network is drained, the server accepts no token of the session. One exception: `isLeftByCrash`. */
#define familyDeadAfterLogout (isDead(A) && isDead(B))

/* Where a tab sees late what another has stored, a session may come back for a moment. It does not stay. */
#define noLastingResurrection (!isQuiet || !isEnded[stored.session])

#define isKept(whose) (current[whose] == 0 || !isAlive[whose] || isEnded[whose] || isLost(whose) || stored.session == whose)

/* Nobody whose session lives on the server stays signed out, and neither does B by a refresh of A's. */
#define nobodyStaysSignedOut (!isQuiet || (isKept(A) && isKept(B)))

#define heldInLateStorage \
  (noReuseAlarm && neverRefusedTwice && neverSignedOutAlive && noLastingResurrection && nobodyStaysSignedOut && familyDeadAfterLogout)

/* What holds even where there are no locks. */
#define heldByCompareAlone (noResurrection && familyDeadAfterLogout && othersUntouched && neverSignedOutAlive)
#define allButTheAlarm (heldByCompareAlone && neverRefusedTwice)
#define everything (allButTheAlarm && noReuseAlarm)

/* No properties, but places that a run must reach. The run fails there, and shows that the model gets that far. */
#define neverRefreshedByAll (current[A] <= TABS * REFRESHES)
#define neverRefreshedForB (current[B] < 3)

#ifndef PROPERTY
#define PROPERTY everything
#endif

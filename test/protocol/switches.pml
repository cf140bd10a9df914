/*
 * Rules that can be taken out: `-D WITHOUT_LOCK=1`. Below each is the shortest run that breaks a property without the rule.
 * The numbers are those of tokens: token 2 is the one that the server gives for token 1.
 */

/*
 * One refresh at a time in all tabs. Where there are no locks, compare and write hold the other properties. Breaks
 * noReuseAlarm:
 * 1. Tab 1 sends token 1, and the answer, token 2, is lost. It sends token 1 again, in the grace.
 * 2. Tab 2 sends token 1, which is still stored. The server sees it for the third time.
 * Breaks neverRefusedTwice:
 * 1. Tabs 1 and 2 send token 1. The network loses the request of tab 1. The server ends the session.
 * 2. Tab 2 reads that token 1 is refused. Tab 1 sends it again.
 */
#ifndef WITHOUT_LOCK
#define WITHOUT_LOCK 0
#endif

/*
 * The new token is stored only where the one that it came from still is. Breaks noResurrection, familyDeadAfterLogout and
 * othersUntouched:
 * 1. Tab 1 sends token 1 of A.
 * 2. In any tab, A logs out, or B logs in.
 * 3. Tab 1 reads the answer, and writes token 2 of A: into an empty storage, or over B's.
 */
#ifndef WITHOUT_COMPARE
#define WITHOUT_COMPARE 0
#endif

/*
 * Compare and write are one step. Breaks noResurrection and othersUntouched:
 * 1. Tab 1 sends token 1, reads the answer, and sees that token 1 is still stored.
 * 2. In any tab, A logs out, or B logs in.
 * 3. Tab 1 writes token 2.
 */
#ifndef COMPARE_THEN_WRITE
#define COMPARE_THEN_WRITE 0
#endif

/*
 * A refusal ends only the session whose token was sent. Breaks othersUntouched:
 * 1. Tab 1 sends token 1 of A.
 * 2. B logs in, which revokes token 1. The revocation arrives first.
 * 3. Tab 1 reads that token 1 is refused, and empties the storage, which is B's.
 */
#ifndef WITHOUT_COMPARE_AT_REFUSAL
#define WITHOUT_COMPARE_AT_REFUSAL 0
#endif

/*
 * The lock is held until the answer is stored. Breaks noReuseAlarm:
 * 1. Tab 1 sends token 1, and the answer is lost. It sends token 1 again, in the grace, and the answer arrives.
 * 2. Tab 1 lets go of the lock, and is about to write.
 * 3. Tab 2 gets the lock, finds token 1 stored, and sends it. The server sees it for the third time.
 */
#ifndef RELEASE_BEFORE_WRITE
#define RELEASE_BEFORE_WRITE 0
#endif

/*
 * In the lock, the storage is read again, and what a neighbour has refreshed is adopted. Breaks noReuseAlarm:
 * 1. Tab 1 refreshes token 1, and stores token 2. The grace of token 1 is over.
 * 2. Tab 2 has not heard of it yet, and sends the token that it remembers: token 1.
 */
#ifndef WITHOUT_ADOPTION
#define WITHOUT_ADOPTION 0
#endif

/*
 * A logout lets a refresh under way go on, to read its answer. Breaks familyDeadAfterLogout:
 * 1. Tab 1 sends token 1.
 * 2. A logs out, which aborts the request and revokes token 1.
 * 3. The request arrives before the revocation. Token 2 lives, and nobody knows it.
 */
#ifndef ABORT_AT_LOGOUT
#define ABORT_AT_LOGOUT 0
#endif

/*
 * The token that is not stored, because its session has ended, is revoked. Breaks familyDeadAfterLogout:
 * 1. Tab 1 sends token 1.
 * 2. A logs out, which revokes token 1. The refresh arrives before the revocation.
 * 3. Tab 1 reads the answer, and drops token 2, which lives.
 */
#ifndef WITHOUT_REVOKING_THE_ANSWER
#define WITHOUT_REVOKING_THE_ANSWER 0
#endif

/*
 * A logout reads the storage, and ends what is stored of its session, whatever its token. Breaks noResurrection and
 * familyDeadAfterLogout:
 * 1. Tab 1 refreshes token 1, and stores token 2.
 * 2. Tab 2 has not heard of it yet. A logs out there, which revokes token 1. Token 2 is taken for another session's, stays
 *    stored, and is taken over.
 */
#ifndef LOGOUT_FROM_MEMORY
#define LOGOUT_FROM_MEMORY 0
#endif

/*
 * What is stored says which session it is of: a token that a neighbour has renewed meanwhile is no reason to revoke, and no
 * other session, with a lock of its own. Breaks neverSignedOutAlive where there are no locks:
 * 1. Tabs 1 and 2 send token 1. Both hear of token 2, one of them by the grace.
 * 2. Tab 1 writes token 2.
 * 3. Tab 2 finds that token 1 is no longer stored, and revokes token 2: the one that all tabs use.
 * Breaks noReuseAlarm:
 * 1. Tab 1 refreshes token 1, and stores token 2. Tab 2 takes that for another session.
 * 2. Tab 1 sends token 2, and the answer is lost. It sends token 2 again, in the grace.
 * 3. Tab 2, which waits for another lock, sends token 2. The server sees it for the third time.
 */
#ifndef WITHOUT_SESSION_NUMBER
#define WITHOUT_SESSION_NUMBER 0
#endif

/*
 * A refused token leaves the storage in the step in which its refusal is read. Breaks neverRefusedTwice:
 * 1. The server ends the session. Tab 1 sends token 1, and reads the refusal.
 * 2. Tab 2 sends token 1, which is still stored.
 */
#ifndef RETRY_REFUSED
#define RETRY_REFUSED 0
#endif

/*
 * After a lost answer, the same token is sent once more at once, in the lock. Breaks noReuseAlarm and familyDeadAfterLogout:
 * 1. Tab 1 sends token 1. The server gives token 2, and the answer is lost.
 * 2. The grace is over. Any tab sends token 1, which is still stored.
 */
#ifndef WITHOUT_RETRY_OF_LOST
#define WITHOUT_RETRY_OF_LOST 0
#endif

/*
 * Also where the user has logged out meanwhile. Breaks familyDeadAfterLogout:
 * 1. Tab 1 sends token 1.
 * 2. A logs out, which revokes token 1. The refresh arrives before the revocation, and the answer is lost.
 * 3. Tab 1 has nobody to refresh for, and stops. Token 2 lives, and nobody knows it.
 */
#ifndef WITHOUT_RETRY_AFTER_LOGOUT
#define WITHOUT_RETRY_AFTER_LOGOUT 0
#endif

/*
 * Only a refusal ends a session. Breaks neverSignedOutAlive:
 * 1. Tab 1 sends token 1 twice. The network loses both requests.
 * 2. Tab 1 signs out, although token 1 is as good as before.
 */
#ifndef LOSS_SIGNS_OUT
#define LOSS_SIGNS_OUT 0
#endif

/*
 * The lock is held until the revocation of what a refresh brought after the logout is confirmed. With EXPIRED_AT_LOGOUT,
 * breaks noReuseAlarm:
 * 1. Tab 1 sends token 1. In tab 2, A logs out, and waits for the lock.
 * 2. Tab 1 hears of token 2, sends its revocation, and lets go of the lock. The grace of token 1 is over.
 * 3. Tab 2 sends token 1, which arrives before the revocation.
 */
#ifndef RELEASE_BEFORE_REVOKED
#define RELEASE_BEFORE_REVOKED 0
#endif

/*
 * Whoever has exchanged a token, or has heard that it is refused, holds a lock of its name until every tab sees what was
 * stored, and whoever finds that lock held waits. With LATE_STORAGE, breaks noReuseAlarm:
 * 1. Tab 1 sends token 1, stores token 2, and lets go of the lock. The grace of token 1 is over.
 * 2. Tab 2 gets the lock, and does not see token 2 yet. It sends token 1.
 * Breaks neverRefusedTwice:
 * 1. The server ends the session. Tab 1 sends token 1, reads the refusal, and empties the storage.
 * 2. Tab 2 gets the lock, and does not see that yet. It sends token 1.
 */
#ifndef WITHOUT_MARKS
#define WITHOUT_MARKS 0
#endif

/*
 * Whoever hears of a logout looks at the storage again once it is settled, and ends the session once more that a renewal
 * has brought back; the tab that has logged out does not take it over. With LATE_STORAGE, breaks noLastingResurrection:
 * 1. Tab 1 sends token 1, and hears of token 2.
 * 2. In tab 2, A logs out, which empties the storage.
 * 3. Tab 1 does not see that yet, and stores token 2, which arrives last.
 * A token that the tab that logs out has not seen yet is revoked by the tab that has it. Breaks familyDeadAfterLogout:
 * 1. Tab 1 refreshes token 1, and stores token 2.
 * 2. Tab 2 does not see that yet. A logs out there, which revokes token 1, and empties the storage.
 */
#ifndef WITHOUT_LATE_RENEWALS
#define WITHOUT_LATE_RENEWALS 0
#endif

/* Worlds that are harder. */

/*
 * A tab sees later what another has stored, and hears later of a logout. In that time, a user does one thing, and no
 * session is refused and replaced: what two tabs write in one moment, nothing orders.
 */
#ifndef LATE_STORAGE
#define LATE_STORAGE 0
#endif

/* A user also logs out with an access token that has expired: the logout endpoint refuses it, and has revoked nothing. */
#ifndef EXPIRED_AT_LOGOUT
#define EXPIRED_AT_LOGOUT 0
#endif

/*
 * A request that the tab gave up arrives later. No client can help that noReuseAlarm breaks:
 * 1. Tab 1 sends token 1, gives the request up, sends token 1 again, and stores token 2. The grace of token 1 is over.
 * 2. The first request arrives.
 */
#ifndef LATE_REQUESTS
#define LATE_REQUESTS 0
#endif

/* The server has no grace. After a lost answer, noReuseAlarm breaks whatever the client does. */
#ifndef WITHOUT_GRACE
#define WITHOUT_GRACE 0
#endif

/*
 * The server refuses a used token and ends nothing, as Django SimpleJWT does. Where there are no locks, breaks
 * neverSignedOutAlive:
 * 1. Tab 1 sends token 1, loses the answer, sends it again, and is about to hear of token 2.
 * 2. Tab 2 sends token 1. It is refused, and still stored: tab 2 signs out.
 */
#ifndef SERVER_ONLY_REFUSES
#define SERVER_ONLY_REFUSES 0
#endif

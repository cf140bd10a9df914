/*
 * A server with single-use refresh tokens, reuse detection and a grace. A session is a family of tokens that are numbered
 * in order. Only the current one is good.
 */

bool isAlive[SESSIONS];
byte current[SESSIONS];
/* The token before the current one may come once more: the answer is the current one, as in Directus and Supabase Auth. */
bool isInGrace[SESSIONS];
/* A revocation of the current token is on its way. If it is rotated first, the revocation does nothing (RFC 7009, 2.2). */
bool isRevoking[SESSIONS];

#define isSending(tab) (state[tab] == sending || state[tab] == sendingAgain)
#define isSent(tab, whose) \
  (isSending(tab) && sent[tab].session == whose && sent[tab].token + 1 == current[whose])

inline open(whose) {
  isAlive[whose] = true;
  current[whose] = 1;
  newestHeard[whose] = 1
}

inline close(whose) {
  isAlive[whose] = false;
  isInGrace[whose] = false;
  isRevoking[whose] = false
}

inline revoke(whose, number) {
  printf("  revokes token %d of %c\n", number, nameOf(whose));
  isRevoking[whose] = isRevoking[whose] || (isAlive[whose] && number == current[whose])
}

inline answerRefresh(pair, answer) {
  if
  :: !isAlive[pair.session] -> answer = refused
  :: isAlive[pair.session] && pair.token == current[pair.session] ->
    current[pair.session]++;
    isInGrace[pair.session] = !WITHOUT_GRACE;
    isRevoking[pair.session] = false;
    answer = rotated
  :: isAlive[pair.session] && pair.token + 1 == current[pair.session] && isInGrace[pair.session] ->
    isInGrace[pair.session] = false;
    answer = rotated
  :: else ->
    if
    :: SERVER_ONLY_REFUSES
    :: else ->
      printf("server: raises the reuse alarm\n");
      noReuseAlarm = noReuseAlarm && has(unheard[pair.session], pair.token);
      close(pair.session)
    fi;
    answer = refused
  fi;
  printf("server: token %d of %c is %e\n", pair.token, nameOf(pair.session), answer)
}

proctype server(byte session) {
end:
  do
  /* A storage is faster than a request and its answer. */
  :: d_step { isRevoking[session] && !anyTab(isUnsettled, NOBODY) ->
      printf("server: the revocation of %c arrives\n", nameOf(session));
      neverSignedOutAlive = neverSignedOutAlive && isEnded[session];
      close(session)
    }
  /* A grace is longer than a request and its repetition. */
  :: d_step { isInGrace[session] && !anyTab(isSent, session) ->
      printf("server: the grace of %c is over\n", nameOf(session));
      isInGrace[session] = false
    }
  /* A password was changed, or an administrator ends the session. */
  :: d_step { isAlive[session] && (!LATE_STORAGE || current[B] == 0) ->
      printf("server: ends the session of %c\n", nameOf(session));
      close(session)
    }
  od
}

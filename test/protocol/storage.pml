/* What a tab does with the storage, and what it tells the others. */

inline put(whose, which) {
  storage.session = whose;
#if LATE_STORAGE
  isWriting[me] = true;
#endif
  storage.token = which
}

/* Shows what is stored. */
inline follow() {
  noResurrection = noResurrection && (LATE_STORAGE || !isEnded[storage.session]);
#if WITHOUT_SESSION_NUMBER
  if
  :: !same(storage, known[me]) -> knownNumber[me] = storage.token
  :: else
  fi;
#endif
  copy(storage, known[me])
}

/* Other tabs find the lock of the token held, and wait until they see what has come of it. */
inline leaveMark() {
#if LATE_STORAGE
  if
  :: WITHOUT_MARKS
  :: else -> marks[me].at[sent[me].session] = marks[me].at[sent[me].session] | bit(sent[me].token)
  fi
#else
  skip
#endif
}

/* The other tabs hear of it later. */
inline tell(whose, which) {
#if LATE_STORAGE
  lastEnded[me].session = whose;
  lastEnded[me].token = which;
  if
  :: me != 0 -> told[0].at[whose] = which
  :: else
  fi;
  if
  :: me != 1 -> told[1].at[whose] = which
  :: else
  fi;
#if TABS > 2
  if
  :: me != 2 -> told[2].at[whose] = which
  :: else
  fi;
#endif
  skip
#else
  skip
#endif
}

#if LATE_STORAGE
/* A token that the tab that ended the session has not known. Some APIs give the first token of a session to the next one. */
#define isMissed(mine, theirs) (!WITHOUT_LATE_RENEWALS && mine > 1 && mine != theirs)

/* A renewal has brought an ended session back. */
#define isOver(whose, which) \
  (storage.session == whose && isMissed(storage.token, which))

/* Whoever has ended the session revokes the token that it knew, which may be an older one. */
inline leaveBehind() {
  if
  :: known[me].session != lastEnded[me].session -> missed[me].at[known[me].session] = known[me].token
  :: known[me].session == lastEnded[me].session && isMissed(known[me].token, lastEnded[me].token) ->
    revoke(known[me].session, known[me].token)
  :: else
  fi
}

inline followStorage() {
  if
  :: storage.session != NOBODY && storage.session != known[me].session && isOver(lastEnded[me].session, lastEnded[me].token) ->
    revoke(storage.session, storage.token);
    put(known[me].session, known[me].token)
  :: else ->
    if
    :: known[me].session == NOBODY || known[me].session == storage.session
    :: else -> leaveBehind()
    fi;
    follow()
  fi
}
#endif

/* Reads the storage anew. */
inline synchronize() {
#if LATE_STORAGE
  if
  :: same(storage, known[me])
  :: else -> followStorage()
  fi
#else
  skip
#endif
}

#if LATE_STORAGE
#define isLate(tab, whose) (isUnsettled(tab, whose) || !same(known[tab], stored))

inline hear(whose) {
  printf("tab %d: hears that %c has logged out\n", me + 1, nameOf(whose));
  lastEnded[me].session = whose;
  lastEnded[me].token = told[me].at[whose];
  looking[me].at[whose] = told[me].at[whose];
  followStorage();
  if
  :: isMissed(missed[me].at[whose], told[me].at[whose]) ->
    revoke(whose, missed[me].at[whose])
  :: else
  fi;
  missed[me].at[whose] = 0;
  told[me].at[whose] = 0
}

inline lookAgain(whose) {
  printf("tab %d: looks at the storage again\n", me + 1);
  if
  :: isOver(whose, looking[me].at[whose]) ->
    revoke(storage.session, storage.token);
    if
    :: known[me].session == whose ->
      put(NOBODY, 0);
      clear(known[me])
    :: else -> put(known[me].session, known[me].token)
    fi
  :: else
  fi;
  looking[me].at[whose] = 0
}
#endif

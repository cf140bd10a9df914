/* A tab. Each step is what it does in one tick. */

#define isUnchanged(tab) same(storage, sent[tab])
#define isRenewed(tab) (storage.session == sent[tab].session && storage.token != sent[tab].token)
#define hasEnded(tab) (storage.session != sent[tab].session)

inline send(next) {
  printf("tab %d: sends token %d of %c\n", me + 1, sent[me].token, nameOf(sent[me].session));
  neverRefusedTwice = neverRefusedTwice && (isFarewell[me] || !has(heardRefused[sent[me].session], sent[me].token));
  network[me] = request;
  state[me] = next
}

inline release() {
  if
  :: lock[lockOf(me)] == me -> lock[lockOf(me)] = FREE
  :: else
  fi
}

inline settle() {
  release();
  network[me] = nothing;
  isFarewell[me] = false;
  hasCompared[me] = false;
  wasUnchanged[me] = false;
  clear(sent[me]);
  state[me] = idle
}

/* Shows what the refresh has brought, if the tab still shows its session. */
inline followRefresh() {
  if
  :: known[me].session == sent[me].session -> follow()
  :: else
  fi
}

/* Nobody reads the answer. */
inline abandon() {
  if
  :: network[me] == request -> copy(sent[me], leftBehind[me])
  :: else
  fi;
  settle()
}

#define remember(set) set[sent[me].session] = set[sent[me].session] | bit(sent[me].token)

/* The protocol ends the session: the user has not asked for it. */
inline signOut() {
  neverSignedOutAlive = neverSignedOutAlive && (!isAlive[sent[me].session] || isLost(sent[me].session));
  othersUntouched = othersUntouched && (storage.session == NOBODY || !hasEnded(me));
  tell(sent[me].session, sent[me].token);
  put(NOBODY, 0);
  clear(known[me])
}

/* The access token has expired, so that the logout endpoint refuses it: the refresh token is sent, and its answer revoked. */
inline sayFarewell() {
  if
  :: isSending(me)
  :: else ->
    copy(storage, sent[me]);
#if WITHOUT_SESSION_NUMBER
    sentNumber[me] = knownNumber[me];
#endif
    state[me] = waitingForLock
  fi;
  isFarewell[me] = true
}

/* The user ends the session: by a logout, or by a login that replaces it. */
inline leave(hasExpired) {
  tell(known[me].session, known[me].token);
  if
  :: storage.session == known[me].session && (!LOGOUT_FROM_MEMORY || storage.token == known[me].token) ->
    if
    :: hasExpired -> sayFarewell()
    :: else -> revoke(storage.session, storage.token)
    fi;
    put(NOBODY, 0)
  :: else -> revoke(known[me].session, known[me].token)
  fi;
  isEnded[known[me].session] = true;
  if
  :: ABORT_AT_LOGOUT && isSending(me) && sent[me].session == known[me].session -> abandon()
  :: else
  fi
}

inline write() {
  othersUntouched = othersUntouched && (storage.session == NOBODY || !hasEnded(me));
#if WITHOUT_SESSION_NUMBER
  /* This tab knows that it is the same session. */
  if
  :: known[me].session == sent[me].session -> known[me].token = sent[me].token + 1
  :: else
  fi;
#endif
  leaveMark();
  noResurrection = noResurrection && (LATE_STORAGE || !isEnded[sent[me].session]);
  put(sent[me].session, sent[me].token + 1)
}

inline hearRotated() {
  printf("tab %d: reads that token %d of %c is the next\n", me + 1, sent[me].token + 1, nameOf(sent[me].session));
  if
  :: sent[me].token == newestHeard[sent[me].session] -> newestHeard[sent[me].session]++
  :: else
  fi;
  synchronize();
  if
  :: WITHOUT_COMPARE || (COMPARE_THEN_WRITE -> wasUnchanged[me] : isUnchanged(me)) ->
    write();
    followRefresh();
    settle()
  :: else ->
    if
    :: isRenewed(me) && !WITHOUT_SESSION_NUMBER ->
      followRefresh();
      settle()
    :: else ->
      if
      :: WITHOUT_REVOKING_THE_ANSWER -> settle()
      :: else ->
        revoke(sent[me].session, sent[me].token + 1);
        network[me] = nothing;
        isFarewell[me] = false;
        state[me] = revoking
      fi
    fi
  fi
}

inline hearRefused() {
  printf("tab %d: reads that token %d of %c is refused\n", me + 1, sent[me].token, nameOf(sent[me].session));
  remember(heardRefused);
  leaveMark();
  synchronize();
  if
  :: RETRY_REFUSED
  :: !RETRY_REFUSED && (isUnchanged(me) || WITHOUT_COMPARE_AT_REFUSAL) -> signOut()
  :: !RETRY_REFUSED && isRenewed(me) && !WITHOUT_COMPARE_AT_REFUSAL -> followRefresh()
  :: else
  fi;
  settle()
}

inline giveUp() {
  printf("tab %d: gives up\n", me + 1);
  remember(unheard);
  if
  :: LOSS_SIGNS_OUT && isUnchanged(me) -> signOut()
  :: else
  fi;
  if
  /* As every revocation, it is sent again when the network is back. */
  :: isFarewell[me] ->
    release();
    network[me] = nothing;
    state[me] = waitingForLock
  :: else -> settle()
  fi
}

/* In the lock. */
inline sendOrAdopt() {
  synchronize();
  if
  :: isUnchanged(me) || isFarewell[me] || (WITHOUT_ADOPTION && same(known[me], sent[me])) -> send(sending)
  :: else ->
    if
    :: isRenewed(me) -> followRefresh()
    :: else
    fi;
    settle()
  fi
}

proctype tab(byte me) {
end:
  do
  :: d_step { state[me] == idle && known[me].session != NOBODY && refreshes[me] < REFRESHES ->
      printf("tab %d: finds token %d of %c expired\n", me + 1, known[me].token, nameOf(known[me].session));
      refreshes[me]++;
      copy(known[me], sent[me]);
#if WITHOUT_SESSION_NUMBER
      sentNumber[me] = knownNumber[me];
#endif
      state[me] = waitingForLock
    }

  :: d_step { state[me] == waitingForLock && (lock[lockOf(me)] == FREE || WITHOUT_LOCK) ->
      if
      :: WITHOUT_LOCK
      :: else -> lock[lockOf(me)] = me
      fi;
#if LATE_STORAGE
      if
      :: anyTab(isMarkedBy, NOBODY) -> state[me] = following
      :: else -> sendOrAdopt()
      fi
#else
      sendOrAdopt()
#endif
    }

#if LATE_STORAGE
  /* By then, every tab sees what was stored. */
  :: d_step { state[me] == following && !anyTab(isUnsettled, NOBODY) -> sendOrAdopt() }
  :: d_step { isAny(marks, me) && !anyTab(isUnsettled, NOBODY) ->
      marks[me].at[A] = 0;
      marks[me].at[B] = 0
    }

  :: d_step { isWriting[me] ->
      printf("tab %d: what it has stored arrives: token %d of %c\n", me + 1, seen[me].token, nameOf(seen[me].session));
      copy(seen[me], stored);
      isWriting[me] = false
    }
  :: d_step { !isWriting[me] && !same(stored, seen[me]) ->
      printf("tab %d: sees what is stored\n", me + 1);
      copy(stored, seen[me])
    }

  :: d_step { told[me].at[A] != 0 -> hear(A) }
  :: d_step { told[me].at[B] != 0 -> hear(B) }
  /* A second later, by when every tab has followed what is stored. */
  :: d_step { looking[me].at[A] != 0 && !anyTab(isLate, NOBODY) -> lookAgain(A) }
  :: d_step { looking[me].at[B] != 0 && !anyTab(isLate, NOBODY) -> lookAgain(B) }
#endif

  :: d_step { isSending(me) && network[me] == rotated && (hasCompared[me] || !COMPARE_THEN_WRITE) -> hearRotated() }
  :: d_step { isSending(me) && network[me] == refused -> hearRefused() }

  :: d_step { state[me] == sending && network[me] == lost ->
      if
      :: WITHOUT_RETRY_OF_LOST || (WITHOUT_RETRY_AFTER_LOGOUT && hasEnded(me)) -> settle()
      :: !WITHOUT_RETRY_OF_LOST && isRenewed(me) ->
        followRefresh();
        settle()
      :: else -> send(sendingAgain)
      fi
    }
  :: d_step { state[me] == sendingAgain && network[me] == lost -> giveUp() }

  :: d_step { state[me] == revoking && (!isRevoking[sent[me].session] || RELEASE_BEFORE_REVOKED) -> settle() }

  /* A storage event, a message from another tab, or a look at the storage. */
  :: d_step { !same(storage, known[me]) ->
      printf("tab %d: follows the storage\n", me + 1);
      if
      :: ABORT_AT_LOGOUT && isSending(me) && hasEnded(me) -> abandon()
      :: else
      fi;
#if LATE_STORAGE
      followStorage()
#else
      follow()
#endif
    }

  :: d_step { known[me].session != NOBODY && !anyTab(isTelling, NOBODY) ->
      printf("tab %d: %c logs out\n", me + 1, nameOf(known[me].session));
      leave(false);
      follow()
    }

  :: d_step { EXPIRED_AT_LOGOUT && known[me].session != NOBODY && (state[me] == idle || sent[me].session == known[me].session) ->
      printf("tab %d: %c logs out, and the access token has expired\n", me + 1, nameOf(known[me].session));
      leave(true);
      follow()
    }

  :: d_step { current[B] == 0 && !anyTab(isTelling, NOBODY) && (!LATE_STORAGE || isAlive[A] || isEnded[A]) ->
      printf("tab %d: B logs in\n", me + 1);
#if LATE_STORAGE
      synchronize();
#else
      copy(storage, known[me]);
#endif
      if
      :: known[me].session != NOBODY -> leave(false)
      :: else
      fi;
      open(B);
      put(B, 1);
      follow()
    }

  :: d_step { !LATE_STORAGE && (known[me].session != NOBODY || state[me] != idle) ->
      printf("tab %d: crashes, and is opened anew\n", me + 1);
      if
      :: isSending(me) || state[me] == revoking -> remember(unheard)
      :: else
      fi;
      isDeserted[sent[me].session] = isDeserted[sent[me].session] || isFarewell[me];
      abandon();
      clear(known[me])
    }

  :: d_step { COMPARE_THEN_WRITE && isSending(me) && network[me] == rotated && !hasCompared[me] ->
      hasCompared[me] = true;
      wasUnchanged[me] = isUnchanged(me)
    }
  :: d_step { RELEASE_BEFORE_WRITE && isSending(me) && network[me] == rotated && lock[lockOf(me)] == me ->
      release()
    }
  od
}

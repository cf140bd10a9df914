/* What a tab has on its way arrives at any later time, or is lost: the request, or the answer to it. */

proctype carry(byte me) {
  mtype:message answer;
end:
  do
  :: d_step { network[me] == request -> answerRefresh(sent[me], network[me]) }
  :: d_step { !LATE_STORAGE && (network[me] == request || network[me] == rotated || network[me] == refused) ->
      printf("network: loses what tab %d waits for (%e)\n", me + 1, network[me]);
      if
      :: LATE_REQUESTS && network[me] == request -> copy(sent[me], leftBehind[me])
      :: else
      fi;
      network[me] = lost
    }
  :: d_step { leftBehind[me].session != NOBODY ->
      printf("network: the request that tab %d has left behind arrives\n", me + 1);
      answerRefresh(leftBehind[me], answer);
      answer = nothing;
      clear(leftBehind[me])
    }
  od
}

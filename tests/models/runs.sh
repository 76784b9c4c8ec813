# The runs, read by run.sh: row MODEL KIND STORE LABEL SWITCHES...

r() { row restartable "$@"; }
rf() { local name=$1; shift; row restartable fault exact "$name" "-DFAULT_$name" "$@"; }

r ok exact '2 writers, records of 1 or 2, 3/4 lap'      -DSLOTS=3
r ok exact '2 writers, exact fill only, 1.5 laps'       -DK=1 -DMAXSZ=1 -DSLOTS=3
r ok exact '2 writers, K=3, padding only, 1 lap'        -DK=3 -DMINSZ=2 -DSLOTS=6
r ok exact '2 writers, N=3, exact fill only, 1 lap'     -DN=3 -DK=1 -DMAXSZ=1 -DSLOTS=3
r ok exact '2 writers, clock read apart, 1/2 lap'       -DCLK -DSLOTS=2
r ok exact '2 writers, next entered in one CAS, 3/4 lap' -DDIRECT -DSLOTS=3
r ok exact '2 writers, kill and reader death, 1/2 lap'  -DKILL -DRCRASH -DSLOTS=2
r ok exact '1 writer, kill and reader death, 2 laps'    -DNW=1 -DKILL -DRCRASH -DSLOTS=8
r ok exact '2 writers, discard, 3/4 lap'                -DDISCARD -DSLOTS=3
r ok exact '2 writers, discard in place, 1 lap'         -DDISCARD -DINPLACE -DSLOTS=4
r ok exact '1 writer, discard in place, kill, death, 2 laps' -DNW=1 -DDISCARD -DINPLACE -DKILL -DRCRASH -DSLOTS=8
r ok exact 'solo, 2 writers, 1/2 lap'                   -DSOLO -DSLOTS=2
r ok exact 'solo, exact fill only, 1 lap'               -DSOLO -DK=1 -DMAXSZ=1 -DSLOTS=2
r ok exact 'solo, discard, 1/2 lap'                     -DSOLO -DDISCARD -DSLOTS=2

rf NO_TAG -DNOGHOST
rf TAG_OF_2_VALUES -DNOGHOST -DSLOTS=12 -DNW=1
rf TAG_OF_4_VALUES -DNOGHOST -DSLOTS=20 -DNW=1
rf GET_LATER_LAP -DNOGHOST
rf BLIND_CLEAR -DNOGHOST -DNOMONO
rf REF_WITHOUT_LAP -DNOGHOST -DNOSTUCK
rf RESOLVE_BEFORE_CLEAR -DNOGHOST
rf NO_W_CHECK -DNOGHOST -DNOMONO -DNOSTUCK
rf NO_CPU_CHECK -DNOGHOST -DNOMONO -DNOSTUCK
rf PEEK_NO_RECHECK -DNOGHOST
rf NO_END_AT_EXACT_FILL -DNOGHOST
rf HELP_BEFORE_END -DNOGHOST
rf DELIVER_BEFORE_STORE -DNOGHOST
rf STORE_W_BEFORE_BYTES -DNOGHOST
rf PUT_PLAIN_STORE -DNOGHOST
rf DELIVER_PLAIN_STORE
rf NO_HELP_OF_NEXT
rf CLOCK_BEFORE_W
rf ASK_FOR_PREROLL
rf DISCARD_CHECK_LATE -DDISCARD
rf CONSUME_BEFORE_READ -DNOGHOST
rf SUCCESSOR_KEEPS_ALL -DRCRASH
rf SUCCESSOR_PUTS_ALL -DRCRASH -DNOGHOST

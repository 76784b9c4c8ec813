# The runs, read by run.sh: row MODEL KIND STORE LABEL SWITCHES...
# Kinds: ok (clean and complete), fault (must fail), reach (COVER: must fail, which proves that the branch is reached).
# Where a fault has -DNOGHOST, the assertions at the writer's own steps are off: it has to show in what is read or counted.

rok() { row restartable ok "$@"; }
rf() { local name=$1; shift; row restartable fault exact "$name" "-DFAULT_$name" "$@"; }
cok() { row classic ok "$@"; }
cf() { local name=$1; shift; row classic fault exact "$name" "-DFAULT_$name" "$@"; }

rok exact '2 writers, records of 1 or 2, 3/4 lap'        -DSLOTS=3
rok exact '2 writers, exact fill only, 1.5 laps'         -DK=1 -DMAXSZ=1 -DSLOTS=3
rok exact '2 writers, K=3, padding only, 1 lap'          -DK=3 -DMINSZ=2 -DSLOTS=6
rok exact '2 writers, N=3, exact fill only, 1 lap'       -DN=3 -DK=1 -DMAXSZ=1 -DSLOTS=3
rok exact '2 writers, clock read apart, 1/2 lap'         -DCLK -DSLOTS=2
rok exact '2 writers, kill and reader death, 1/4 lap'    -DKILL -DRCRASH -DSLOTS=1
rok exact '1 writer, kill and reader death, 1.5 laps'    -DNW=1 -DKILL -DRCRASH -DSLOTS=6
rok exact '1 writer, two readers, 3/4 lap'               -DNW=1 -DLOOKER -DSLOTS=3
rok exact '2 writers, discard in place, 1/2 lap'         -DDISCARD -DINPLACE -DSLOTS=2
rok exact '1 writer, discard in place, deaths, 2 laps'   -DNW=1 -DDISCARD -DINPLACE -DKILL -DRCRASH -DSLOTS=8
rok exact 'solo, exact fill only, 1 lap'                 -DSOLO -DK=1 -DMAXSZ=1 -DSLOTS=2

cok exact '2 writers, 1 lap, the word wraps'             -DSLOTS=8
cok exact '1 writer, HDR=1, 1.5 laps'                    -DNW=1 -DHDR=1 -DSLOTS=12
cok exact '2 writers, discard in place, 1 lap'           -DDISCARD -DSLOTS=8
cok exact '2 writers, losses counted, discard'           -DLOST -DDISCARD -DOPS=3 -DMINSZ=2 -DNOPEEK
cok exact '1 writer, reader deaths, 1.5 laps'            -DNW=1 -DRCRASH -DNOPEEK -DSLOTS=12
cok exact '1 writer, 2 readers, 1 seat, 1 lap'           -DNW=1 -DNRD=2 -DSLOTS=8
cok exact '1 writer, 2 readers, 1 seat, deaths, 1 lap'   -DNW=1 -DNRD=2 -DRCRASH -DNOPEEK -DMINSZ=2 -DSLOTS=8
cok exact '1 writer, 2 readers, 2 seats, 1 lap'          -DNW=1 -DNRD=2 -DNSEAT=2 -DNOPEEK -DMINSZ=2 -DSLOTS=8
cok exact '1 writer, 2 readers, 2 seats, deaths, 1/2 lap' -DNW=1 -DNRD=2 -DNSEAT=2 -DRCRASH -DNOPEEK -DNOCOPY -DMINSZ=2 -DSLOTS=4
cok exact '1 writer, discard, 2 readers, 1 lap'          -DNW=1 -DNRD=2 -DDISCARD -DSLOTS=8
cok exact '1 writer, discard, 2 readers, deaths, 1 lap'  -DNW=1 -DNRD=2 -DDISCARD -DRCRASH -DNOPEEK -DSLOTS=8
cok exact 'solo, 2 writers, 3/8 lap'                     -DSOLO -DSLOTS=3

rf NO_TAG -DNOGHOST
rf TAG_OF_2_VALUES -DNOGHOST -DSLOTS=12 -DNW=1
rf TAG_OF_3_VALUES -DNOGHOST -DSLOTS=16 -DNW=1 -DMINSZ=2
rf TAG_OF_4_VALUES -DNOGHOST -DSLOTS=20 -DNW=1 -DMINSZ=2
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
rf LOOK_NO_RECHECK -DLOOKER -DNW=1 -DNOGHOST
rf LOOK_NO_HEADER_CHECK -DLOOKER -DNW=1 -DNOGHOST

cf NO_TAG -DNOGHOST
cf TAG_OF_1_BIT -DNOGHOST -DNW=1 -DSLOTS=32
cf TAG_OF_2_BITS -DNOGHOST -DNW=1 -DSLOTS=64 -DWB=7 -DMINSZ=2
cf GET_LATER_LAP -DNOGHOST -DSLOTS=16
cf PUBLISH_BEFORE_NOREF -DNOGHOST
cf NO_ELECTION -DNOGHOST -DSLOTS=24 -DMAXSZ=1 -DNRD=0
cf NO_WRAP_CHECK -DNOGHOST -DSLOTS=16
cf NO_MASK -DNOGHOST -DSLOTS=16
cf NO_MASK_IN_DELIVERY -DNOGHOST -DSLOTS=16
cf LAP_ONE_PAST_END -DNOGHOST -DSLOTS=16
cf NO_W_RECHECK -DNOGHOST -DSLOTS=16
cf PUT_WITHOUT_TAG -DNOGHOST -DSLOTS=24 -DNW=1
cf PUT_PLAIN_STORE -DNOGHOST -DSLOTS=16
cf PEEK_NO_RECHECK -DNOGHOST -DSLOTS=16
cf PEEK_RECHECK_WITHOUT_LAP -DNOGHOST -DSLOTS=32 -DNOGET -DMAXSZ=1
cf PEEK_NO_COMMIT_CHECK -DNOGHOST
cf PEEK_NO_W_RECHECK -DNOGHOST -DHDR=1 -DNOGET
cf PEEK_NO_HEADER_CHECK -DNOGHOST -DNW=1 -DNRD=2 -DNOCOPY -DSLOTS=8
cf END_TIME_FROM_DELIVERER -DNOGHOST
cf END_TIME_AT_DELIVERY -DNOGHOST
cf CLOSER_WRITES_PAGE -DNOGHOST -DNOPEEK
cf END_FIELDS_AFTER_PADDING -DNOGHOST
cf PER_LOCATION_VALUES -DNOGHOST -DSLOTS=24
cf NO_PUSH -DNOGHOST -DSLOTS=16
cf PUSH_AFTER_CLEAR -DNOGHOST -DSLOTS=16
cf CLOCK_BEFORE_W
cf CLEAR_PLAIN_STORE -DNOGHOST -DSLOTS=16
cf RESOLVE_BEFORE_CLEAR -DNOGHOST -DSLOTS=16
cf COMMIT_BEFORE_BYTES -DNOGHOST
cf NO_FULL_CHECK -DNOGHOST -DSLOTS=16
cf CONSUME_BEFORE_READ -DNOGHOST -DSLOTS=16
cf LOST_SAMPLED_AT_DELIVERY -DNOGHOST
cf LOST_PLAIN_INCREMENT -DOPS=4 -DNRD=0 -DDISCARD
cf WAIT_INSTEAD_OF_LOSS -DSOLO -DSLOTS=12 -DMINSZ=2 -DNRD=0
cf READER_WAITS -DSOLO
cf SUCCESSOR_KEEPS_ALL -DNOGHOST -DNW=1 -DRCRASH -DSLOTS=16
cf SUCCESSOR_PUTS_ALL -DNOGHOST -DNW=1 -DRCRASH -DSLOTS=16
cf SUCCESSOR_FORGETS -DNOGHOST -DNW=1 -DRCRASH -DSLOTS=16
cf WANTED_NOTED_LATE -DNOGHOST -DNW=1 -DRCRASH -DNOPEEK -DSLOTS=16
cf CLAIM_FREED_EARLY -DNOGHOST -DNW=1 -DNRD=2 -DSLOTS=16 -DNOPEEK
cf CLAIM_TAKEN_FROM_THE_LIVING -DNOGHOST -DNW=1 -DNRD=2 -DSLOTS=16 -DNOPEEK
cf OWNER_START_APART -DNOGHOST -DNW=1 -DNRD=2 -DSLOTS=16 -DNOPEEK
cf RANGE_BEFORE_CLAIM -DDISCARD -DNOGHOST -DNW=1 -DNRD=2 -DSLOTS=16 -DNOPEEK
cf SEAT_NO_LOOK -DNOGHOST -DNW=1 -DNRD=2 -DNSEAT=2 -DNOPEEK -DNOCOPY
cf SEAT_LOOK_BEFORE_POSITION -DNOGHOST -DNW=1 -DNRD=2 -DNSEAT=2 -DNOPEEK -DNOCOPY
cf COPY_NO_RECHECK -DNOGHOST -DNW=1 -DNRD=2 -DSLOTS=16 -DNOPEEK
cf COPY_NO_HEADER_CHECK -DNOGHOST -DNW=1 -DNRD=2 -DSLOTS=16 -DNOPEEK

[ "$full" -eq 1 ] || return 0

# Big sizes. README.md has states and times, and what did not complete.
rok exact '2 writers, records of 1 or 2, 1 lap'          -DSLOTS=4
rok exact '2 writers, kill and reader death, 1/2 lap'    -DKILL -DRCRASH -DSLOTS=2
rok exact '2 writers, next entered in one CAS, 3/4 lap'  -DDIRECT -DSLOTS=3
rok exact '2 writers, discard with exchange, 3/4 lap'    -DDISCARD -DSLOTS=3
rok exact '2 writers, discard in place, 1 lap'           -DDISCARD -DINPLACE -DSLOTS=4
rok exact 'solo, 2 writers, 1/2 lap'                     -DSOLO -DSLOTS=2
rok exact 'solo, discard, 1/2 lap'                       -DSOLO -DDISCARD -DSLOTS=2
rf NO_HELP_OF_NEXT -DSOLO -DNOSTUCK -DK=1 -DMAXSZ=1 -DSLOTS=3
rok exact '2 writers, two readers, 1/2 lap'               -DLOOKER -DSLOTS=2
cok exact '2 writers, HDR=1, 3/4 lap'                    -DHDR=1 -DSLOTS=6
cok exact '2 writers, N=4, exact fill only, 1 lap' -DN=4 -DWB=6 -DSLOTS=16 -DNOPEEK -DMINSZ=2
cok exact '1 writer, N=4, 1 lap'                         -DN=4 -DWB=6 -DNW=1 -DSLOTS=16 -DNOPEEK
cok exact '2 writers, 2 readers, 1 seat, 1/2 lap'        -DNRD=2 -DNOPEEK -DSLOTS=4
cok exact '1 writer, 2 readers, 1 seat, deaths, records of 1 or 2, 1 lap' -DNW=1 -DNRD=2 -DRCRASH -DNOPEEK -DSLOTS=8
cok exact '1 writer, 2 readers, 2 seats, deaths, 1 lap'  -DNW=1 -DNRD=2 -DNSEAT=2 -DRCRASH -DNOPEEK -DNOCOPY -DMINSZ=2 -DSLOTS=8
cok exact 'solo, 2 writers, 1 lap'                       -DSOLO -DSLOTS=8
cok hc4   '3 writers, 1/2 lap'                           -DNW=3 -DNOPEEK -DSLOTS=4

# The branches that only a race reaches: 2w = two writers, 1w2r = one writer and two readers.
reach() { local m=$1 n=$2 text=$3; shift 3; row "$m" reach exact "$text" "-DCOVER=$n" "$@"; }
reach restartable 1  'an undelivered next is helped'       -DSLOTS=6
reach restartable 2  'a stale W meets a strange id'        -DSLOTS=6
reach restartable 12 'the same, a whole lap old'           -DSLOTS=6
reach restartable 4  'Put is refused'                      -DSLOTS=6
reach restartable 5  'the CAS of Get is lost'              -DSLOTS=6
reach restartable 6  'Peek is refused'                     -DSLOTS=6
reach restartable 7  'the reader helps to deliver'         -DSLOTS=6
reach restartable 8  'a delivery comes a lap late'         -DSLOTS=6
reach restartable 10 'entering loses its CAS to an exchange' -DSLOTS=6
reach restartable 9  'discard: full'                       -DDISCARD
reach restartable 3  'a successor puts back'               -DRCRASH
reach restartable 13 'Peek of a stale spare is refused'    -DLOOKER -DNW=1
reach restartable 14 'copy of a stale spare is refused'    -DLOOKER -DNW=1
reach classic 1  'the CAS that pushes R is lost'           -DSLOTS=16
reach classic 2  'entering loses its CAS to an exchange'   -DSLOTS=16
reach classic 3  'entering loses its CAS to a writer'      -DSLOTS=16
reach classic 4  'the election is lost'                    -DSLOTS=16 -DNRD=0
reach classic 5  'wrap loss'                               -DSLOTS=16
reach classic 6  'discard: full'                           -DDISCARD
reach classic 11 'Get finds a later lap'                   -DSLOTS=16
reach classic 13 'the CAS of Get is lost'                  -DSLOTS=16
reach classic 14 'Put is refused'                          -DSLOTS=16
reach classic 15 'Peek: a record is in flight'             -DSLOTS=16
reach classic 16 'Peek passes though delivered meanwhile'  -DSLOTS=16
reach classic 17 'Peek is refused'                         -DSLOTS=16
reach classic 22 'a successor puts back'                   -DNW=1 -DRCRASH -DSLOTS=16
reach classic 9  'Peek of a stale spare is refused'       -DNW=1 -DNRD=2 -DNOCOPY
reach classic 19 'a copy is refused: the writers came'     -DNW=1 -DNRD=2 -DNOPEEK -DSLOTS=16
reach classic 20 'copy: another page stands at the location' -DNW=1 -DNRD=2 -DNOPEEK
reach classic 18 'copy: the page is sought in a seat'      -DNW=1 -DNRD=2 -DNOPEEK
reach classic 21 'a copy from a seat passes'               -DNW=1 -DNRD=2 -DNOPEEK
reach classic 7  'a copy passes though exchanged meanwhile' -DNW=1 -DNRD=2 -DNOPEEK
reach classic 10 'a seat steps back from another'          -DNW=1 -DNRD=2 -DNSEAT=2 -DNOPEEK
reach classic 23 'a successor keeps what was taken'        -DNW=1 -DRCRASH -DSLOTS=16
reach classic 8  'discard: consumed before the seat is had' -DNW=1 -DNRD=2 -DDISCARD -DNOPEEK

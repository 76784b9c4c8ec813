/* The classic writer: reserve by CAS on W, commit by an atomic add on the location's counter, deliver by who is elected.
 *
 * Positions count slots.  N locations of S slots; HDR slots of header, then records of 1 or 2 slots (MINSZ..MAXSZ), so both
 * padding and exact fill occur.  q = position/S = sub-buffer number, location q%N, lap q/N.  B = N*S = one lap.
 * W and R are kept unwrapped; every formula of the algorithm sees them through WR(), a word of WB bits, and the commit
 * counters are kept in such words.  The first lap is START, so the default wraps the word after one lap.
 * id word: {lap tag, NOREF, page-set index}.  The lap is stamped when NOREF is cleared:
 *   entering    CAS {lap-1, NOREF, i} -> {lap, ref, i}        delivering  CAS {lap, ref, i} -> {lap, NOREF, i}
 * Who leaves a sub-buffer notes its end at the location, before the padding commit; the elected deliverer writes it into the
 * page's header. The opener writes the whole header, its end "unfinished", perhaps late.
 * Readers: NSEAT seats of {claim word, position, page sets {spare, wanted}}. wanted is noted before the exchange, so at any
 * instant the seat's page set is wanted if the table holds spare, else spare. All others copy, and check.
 * Every atomic block holds ONE shared access (plus locals and ghosts); a record's slots are stored in one step.
 * A process that never steps again is stalled or dead for ever: possible everywhere, at every step.
 * The clock is W itself: it moves exactly when somebody reserves, which is all that order can depend on.
 *
 * Sizes:  N S HDR NW (writers) NRD (readers, at most 3) NSEAT (1 or 2) SLOTS (reserved at least, before the writers stop)
 *         MINSZ MAXSZ WB START TAGM (values of the lap tag)
 * Modes:  DISCARD   the oldest is kept; no spare, the reader reads in place, pinned by R
 *         LOST      losses are counted and travel in the end fields; each writer makes OPS attempts
 *         RCRASH    readers die at any step, any number of times; any reader may take over their seats
 *         SOLO      at any instant all but one are frozen for ever: the one left ends its operation in a bound of loads
 *         NOPEEK NOGET NOCOPY  the readers do without;  NOGHOST  no assertions at the writer's own steps
 *         COVER=n   an "error" of such a run proves that branch n is reached
 * With one reader that does not die nobody looks at its seat: claim, position and release are left out (SEATS).
 * Faults: FAULT_<NAME>, each must fail; the list with its effect is in README.md. */
#ifndef N
#define N 2
#endif
#ifndef S
#define S 4
#endif
#ifndef HDR
#define HDR 2
#endif
#ifndef NW
#define NW 2
#endif
#ifndef NRD
#define NRD 1
#endif
#ifndef NSEAT
#define NSEAT 1
#endif
#ifndef SLOTS
#define SLOTS 8
#endif
#ifndef MINSZ
#define MINSZ 1
#endif
#ifndef MAXSZ
#define MAXSZ 2
#endif
#ifndef WB
#define WB 5
#endif
#ifndef START
#define START 3
#endif
#ifdef FAULT_NO_TAG
#define TAGM 1
#endif
#ifdef FAULT_TAG_OF_1_BIT
#define TAGM 2
#endif
#ifdef FAULT_TAG_OF_2_BITS
#define TAGM 4
#endif
#ifndef TAGM
#define TAGM 16
#endif
#ifndef OPS
#define OPS 3
#endif
#ifdef FAULT_CONSUME_BEFORE_READ
#define DISCARD
#endif
#ifdef FAULT_NO_FULL_CHECK
#define DISCARD
#endif
#ifdef FAULT_LOST_SAMPLED_AT_DELIVERY
#define LOST
#endif
#ifdef FAULT_LOST_PLAIN_INCREMENT
#define LOST
#endif

#if NRD>1 || defined(RCRASH)
#define SEATS
#else
#define NOCOPY
#endif

#define B (N*S)
#define PS (S-HDR)                      /* slots of payload */
#define WORD (1<<WB)
#define WM (WORD-1)
#define CM (WM/N)                       /* the commit mask: all ones >> lg N */
#define WR(p) ((p)&WM)
#define Q0 (START*N)                    /* the first sub-buffer number */
#define WMAX (START*B+SLOTS)
#define OFF(p) ((p)%S)
#define Q(p) ((p)/S)
#define LOC(p) (Q(p)%N)
#define LAP(p) ((p)/B)
#define LP(p) ((WR(p)/B)*B/N)           /* what cc is, under the mask, when lap(p) begins */
#define GEN(p) (LOC(p)+N*(LAP(p)%2))    /* ghosts are kept for two laps: the old one may still be read */
#define UP(p) (((p)/S+1)*S)
#define TAG(p) (LAP(p)%TAGM)
#define PTAG(p) ((LAP(p)-1)%TAGM)
#define MK(t,n,i) ((t)*16+(n)*8+(i))
#define IX(x) ((x)&7)
#define NR(x) (((x)>>3)&1)
#define TG(x) ((x)>>4)
#define NOREF 8
#define REF(x) ((x)&(255-NOREF))        /* lap and index, whatever NOREF says */
#ifdef DISCARD
#define NP N
#else
#define NP (N+NSEAT)
#endif

byte W = START*B;
byte R = START*B;        /* always a multiple of S */
byte cc[N];              /* bytes committed at the location, all laps */
byte sb[N];              /* bytes delivered ("cc_sb"); +1 while the elected one delivers */
byte id[N];
byte hdr[NP];            /* packet header: sub-buffer number, */
byte bt[NP];             /*   begin time */
byte es[NP];             /*   end fields: content size, */
byte et[NP];             /*   end time */
byte ns[N];              /* the same, as noted at the location by who leaves it */
byte nt[N];
byte sl[NP*PS];          /* slots: q*4 + kind; kind 1 single, 2 first half, 3 second half */
/* The seats. claim: 0 free, else the owner; GONE: the owner is dead, which is what asking for it would say. */
#define GONE 7
#define PAGES(s,w) ((s)*8+(w))
#define SPARE(k) (pages[k]>>3)
#define WANTED(k) (pages[k]&7)
#ifdef SEATS
byte claim[NSEAT];
byte pos[NSEAT];         /* a sub-buffer number */
#ifdef FAULT_OWNER_START_APART
byte ostart[NSEAT];      /* the owner's start time, stored after the claim */
#endif
#endif
#ifndef DISCARD
byte pages[NSEAT];       /* {spare, wanted} */
byte own[NSEAT];         /* ghost: the page set that is the seat's, not the table's */
#endif
#ifdef LOST
byte lost;               /* records dropped, all causes */
byte el[NP];             /* end field: lost when the closing reservation began */
byte nl[N];              /*   as noted */
byte pub, over;          /* ghosts: records reserved, writers that have ended */
byte gl[2*N];            /* ghost: lost when the closing CAS won */
byte gll;                /* ghost: lost at the last close; later samples are not below */
#else
byte over;
#endif
byte gk[2*N];            /* ghost: kinds reserved in that sub-buffer, 2 bits a slot */
byte gt[2*N];            /* ghost: time of its last record */
byte gb[2*N];            /* ghost: begin time */
byte gs[N];              /* ghost: bytes committed in the lap not yet delivered */
byte gd[N];              /* ghost: laps delivered (published to writers) at the location: the next lap that may enter */
byte gT;                 /* ghost: time of the last reservation */

#ifdef NOGHOST
#define G(c) skip
#else
#define G(c) assert(c)
#endif
#ifdef COVER
#define CV(n,c) if :: (COVER==n) && (c) -> assert(false) :: else fi
#else
#define CV(n,c) skip
#endif
#ifdef SOLO
byte solo, cnt;
#define CNT if :: solo==me -> cnt++; assert(cnt<=7) :: else fi
#define CNTR if :: solo==NW+1 -> cnt++; assert(cnt<=7) :: else fi
#define FIN if :: solo==me -> goto dead :: else fi
#define FINR if :: solo==NW+1 && cnt>0 -> goto stop :: else fi
#define PROV provided (solo==0 || solo==_pid)
#else
#define CNT skip
#define CNTR skip
#define FIN skip
#define FINR skip
#define PROV
#endif

/* the page-set numbers in the table and in the seats are a permutation */
#define BIT(i) (1<<(i))
#if N>2
#define INTABLE (BIT(IX(id[0]))|BIT(IX(id[1]))|BIT(IX(id[2]))|BIT(IX(id[3])))
#else
#define INTABLE (BIT(IX(id[0]))|BIT(IX(id[1])))
#endif
#if NSEAT>1
#define INSEATS (BIT(own[0])|BIT(own[1]))
#else
#define INSEATS BIT(own[0])
#endif
#define PERM assert((INTABLE|INSEATS)==(1<<NP)-1)

/* a store into page pg for position p is legal only while its location is entered for that lap (so it is in no seat) */
#ifdef FAULT_NO_TAG
#define MINE(p,pg) (NR(id[LOC(p)])==0 && IX(id[LOC(p)])==(pg))
#else
#define MINE(p,pg) (id[LOC(p)]==MK(TAG(p),0,pg))
#endif
#ifdef FAULT_CLOCK_BEFORE_W
#define TIME t
#else
#define TIME w                          /* the clock was read when W was w, or the CAS fails */
#endif

inline push(p) {         /* overwrite: the oldest becomes unreadable as a writer enters its location */
#if !defined(DISCARD) && !defined(FAULT_NO_PUSH)
  do
  :: atomic { ro=R; if :: (p)/S*S-ro<B -> ro=0; break :: else fi }
     atomic { if :: R==ro -> R=(p)/S*S-B+S; ro=0; break :: else -> CV(1,1) fi }
  od
#else
  skip
#endif
}

inline clear(p,page) {   /* enters the location of p for p's lap, if nobody has; page = its page set */
  do
  :: atomic { CNT; x=id[LOC(p)];
       if
       :: x==MK(TAG(p),0,IX(x)) -> page=IX(x); x=0; break
       :: x==MK(PTAG(p),1,IX(x))
#ifdef FAULT_RESOLVE_BEFORE_CLEAR
          -> page=IX(x)
#endif
       :: else -> assert(false)         /* never: we own bytes here, so the lap before is delivered, ours is not */
       fi }
#ifndef FAULT_PUSH_AFTER_CLEAR
     push(p);
#endif
#ifdef FAULT_CLEAR_PLAIN_STORE
     atomic { id[LOC(p)]=MK(TAG(p),0,IX(x)); page=IX(x); x=0; break }
#else
     atomic { if
       :: id[LOC(p)]==x -> id[LOC(p)]=MK(TAG(p),0,IX(x));
#ifndef FAULT_RESOLVE_BEFORE_CLEAR
          page=IX(x);
#endif
          x=0; break
#ifdef FAULT_RESOLVE_BEFORE_CLEAR
       :: id[LOC(p)]!=x -> id[LOC(p)]=MK(TAG(p),0,IX(id[LOC(p)])); x=0; break
#else
       :: else -> CV(2,NR(id[LOC(p)])==1); CV(3,NR(id[LOC(p)])==0)
#endif
       fi }
#endif
  od
#ifdef FAULT_PUSH_AFTER_CLEAR
  ; push(p)
#endif
}

#ifdef FAULT_LAP_ONE_PAST_END
#define DTAG(p) TAG((p)+1)              /* p is the last slot of what was committed */
#else
#define DTAG(p) TAG(p)
#endif
#ifdef FAULT_NO_MASK_IN_DELIVERY
#define COMPLETE(p,c) (LP(p)==WR((c)-S))
#else
#define COMPLETE(p,c) (LP(p)==(((c)-S)&CM))
#endif

inline commit(p,size) {
  do
  :: atomic { cc[LOC(p)]=WR(cc[LOC(p)]+(size)); gs[LOC(p)]=gs[LOC(p)]+(size); G(gs[LOC(p)]<=S) }
     atomic { c=cc[LOC(p)];             /* read again: the last adder is sure to see it all, others may too */
       if :: COMPLETE(p,c) :: else -> c=0; break fi }
#ifndef FAULT_NO_ELECTION
     atomic { if :: sb[LOC(p)]==WR(c-S) -> sb[LOC(p)]=WR(c-S+1) :: else -> CV(4,1); c=0; break fi }
#endif
#ifdef FAULT_PUBLISH_BEFORE_NOREF
     atomic { sb[LOC(p)]=c; gd[LOC(p)]=LAP(p)+1 }
#endif
#ifndef FAULT_CLOSER_WRITES_PAGE
     atomic { x=IX(id[LOC(p)]);         /* the noted end goes into the page: nobody else writes either now */
       es[x]=ns[LOC(p)];
#ifdef FAULT_END_TIME_FROM_DELIVERER
       et[x]=w;
#else
#ifdef FAULT_END_TIME_AT_DELIVERY
       et[x]=W;
#else
       et[x]=nt[LOC(p)];
#endif
#endif
#ifdef LOST
#ifdef FAULT_LOST_SAMPLED_AT_DELIVERY
       el[x]=lost;
#else
       el[x]=nl[LOC(p)];
#endif
#endif
       x=0 }
#endif
     atomic {
#ifdef FAULT_NO_ELECTION                /* each that saw it complete delivers; the CAS on the id still fails for the second */
       if :: id[LOC(p)]==MK(TAG(p),0,IX(id[LOC(p)])) -> id[LOC(p)]=id[LOC(p)]|NOREF; gs[LOC(p)]=0 :: else fi }
#else
       G(id[LOC(p)]==MK(TAG(p),0,IX(id[LOC(p)])) && gs[LOC(p)]==S);
       id[LOC(p)]=MK(DTAG(p),1,IX(id[LOC(p)])); gs[LOC(p)]=0 }
#endif
#ifndef FAULT_PUBLISH_BEFORE_NOREF
     atomic { sb[LOC(p)]=c; gd[LOC(p)]=(gd[LOC(p)]>LAP(p)+1 -> gd[LOC(p)] : LAP(p)+1); c=0; break }
#else
     c=0; break
#endif
  od
}

#ifdef FAULT_CLOSER_WRITES_PAGE
#define NOTE(p,page,size) es[page]=size; et[page]=TIME
#else
#define NOTE(p,page,size) ns[LOC(p)]=size; nt[LOC(p)]=TIME
#endif

inline drop() {          /* the record is lost, and counted */
#ifdef LOST
#ifdef FAULT_LOST_PLAIN_INCREMENT
  x=lost; lost=x+1;
#else
  atomic { lost++ }
#endif
#else
  skip
#endif
}

proctype Writer(byte me) PROV {
  byte w, nw, x, c, pg, npg, sz, ro;
#ifdef FAULT_CLOCK_BEFORE_W
  byte t;
#endif
#ifdef LOST
  byte ls, ops;
#endif
#ifdef FAULT_NO_W_RECHECK
  bit stale;
#endif
loop:
  atomic { w=0; nw=0; x=0; c=0; pg=0; npg=0;
#ifdef LOST
    ls=0; if :: ops==OPS -> goto done :: ops<OPS -> ops++ fi;
    if :: sz=MINSZ
#if MAXSZ>MINSZ
    :: sz=MAXSZ
#endif
#else
    if :: W>=WMAX -> goto done :: W<WMAX -> sz=MINSZ
#if MAXSZ>MINSZ
    :: W<WMAX -> sz=MAXSZ
#endif
#endif
    fi }

  /* ---- reserve ---- */
retry:
#ifdef FAULT_CLOCK_BEFORE_W
  t=W;
#endif
  atomic { CNT; w=W;                                                /* load W, then the clock */
    if :: OFF(w)!=0 && OFF(w)+sz<=S -> nw=w+sz
       :: else -> nw=(w+S-1)/S*S+HDR+sz fi }
  if
  :: Q(nw-1)==Q(w) && OFF(w)!=0 -> goto reserve
  :: else
  fi;
#ifndef FAULT_NO_WRAP_CHECK
  atomic { c=sb[LOC(nw-1)];
    if :: gd[LOC(nw-1)]<LAP(nw-1) -> pg=1 :: else fi }              /* pg here: ghost, a loss now would be genuine */
#ifndef FAULT_NO_W_RECHECK
  atomic { if :: W!=w -> pg=0; c=0; goto retry :: else fi };         /* else c and w may not belong together */
#endif
  if
#ifdef FAULT_NO_MASK
  :: LP(nw-1)==c
#else
  :: LP(nw-1)==(c&CM)
#endif
#ifdef FAULT_WAIT_INSTEAD_OF_LOSS
  :: else -> goto retry
#else
  :: else -> atomic { assert(pg==1); CV(5,1); pg=0; c=0; FIN }; drop(); goto loop    /* lost: wrap */
#endif
  fi;
  atomic { pg=0; c=0 };
#endif
#ifdef DISCARD
#ifndef FAULT_NO_FULL_CHECK
  atomic { if :: (nw-1)/S*S-R>=B -> x=1; CV(6,1); FIN :: else fi };
  if :: x==1 -> x=0; drop(); goto loop :: else fi;                  /* lost: full */
#endif
#endif
reserve:
#ifdef LOST
  atomic { ls=lost };
#endif
  atomic { if
    :: W==w -> W=nw; assert(TIME>=gT); gT=TIME;
       if :: Q(nw-1)!=Q(w) || OFF(w)==0 -> gk[GEN(nw-1)]=0; gb[GEN(nw-1)]=TIME :: else fi;
       gk[GEN(nw-1)]=gk[GEN(nw-1)]|((sz==1->1:(2|(3<<2)))<<(2*((nw-1)%S+1-HDR-sz)));
       gt[GEN(nw-1)]=TIME;
#ifdef LOST
       pub++;
       if :: (OFF(w)!=0 && Q(nw-1)!=Q(w)) || OFF(nw)==0 -> assert(ls>=gll); gll=lost :: else fi;
       if :: OFF(w)!=0 && Q(nw-1)!=Q(w) -> gl[GEN(w)]=lost :: else fi;
       if :: OFF(nw)==0 -> gl[GEN(nw-1)]=lost :: else fi
#endif
    :: W!=w -> goto retry
    fi }
  clear(nw-1,npg);

  /* ---- the sub-buffer we leave, if any: its end is noted, then padding ---- */
  if
  :: OFF(w)!=0 && Q(nw-1)!=Q(w) ->
     clear(w-1,pg);
#ifdef FAULT_END_FIELDS_AFTER_PADDING
     commit(w-1,S-OFF(w));
#endif
     atomic { G(MINE(w-1,pg)); NOTE(w-1,pg,OFF(w));
#ifdef LOST
       nl[LOC(w-1)]=ls
#endif
     }
#ifndef FAULT_END_FIELDS_AFTER_PADDING
     commit(w-1,S-OFF(w));
#endif
     pg=0
  :: else
  fi;
  /* ---- the sub-buffer we opened, if any: its whole header, the end unfinished; counted with the record ---- */
  if
  :: Q(nw-1)!=Q(w) || OFF(w)==0 ->
     atomic { G(MINE(nw-1,npg)); hdr[npg]=Q(nw-1); bt[npg]=TIME; es[npg]=0; et[npg]=0; pg=HDR;
#ifdef LOST
       el[npg]=ls
#endif
     }
  :: else
  fi;
  /* ---- our record fills the sub-buffer: we close it, our own commit completes it ---- */
  if
  :: OFF(nw)==0 -> atomic { G(MINE(nw-1,npg)); NOTE(nw-1,npg,S);
#ifdef LOST
       nl[LOC(nw-1)]=ls
#endif
     }
  :: else
  fi;
#ifndef FAULT_END_TIME_FROM_DELIVERER
  atomic { w=0;
#ifdef LOST
    ls=0
#endif
  }
#endif
#ifdef FAULT_COMMIT_BEFORE_BYTES
  commit(nw-1,sz+pg);
#endif
  atomic { G(MINE(nw-1,npg)); sl[npg*PS+(nw-1)%S+1-HDR-sz]=Q(nw-1)*4+(sz==1->1:2);
    if :: sz==2 -> sl[npg*PS+(nw-1)%S-HDR]=Q(nw-1)*4+3 :: else fi; npg=0 }
#ifndef FAULT_COMMIT_BEFORE_BYTES
  commit(nw-1,sz+pg);
#endif
  atomic { FIN; goto loop }
done:                    /* the last to end finds everything that is closed delivered, and nothing uncounted */
  atomic { sz=0; over++;
    if :: over==NW ->
       w=Q(W);
       do :: w>Q0 && w+N>Q(W)+1 -> w--; assert(id[w%N]==MK((w/N)%TAGM,1,IX(id[w%N]))) :: else -> break od;
#ifdef LOST
       assert(lost+pub==NW*OPS);
#endif
       w=0
    :: else fi }
dead:
  atomic { w=0; nw=0; x=0; c=0; pg=0; npg=0; sz=0 }
}

#ifdef FAULT_PER_LOCATION_VALUES
#define ES(pg) ns[q%N]                  /* the reader takes the end from the location */
#define ET(pg) nt[q%N]
#else
#define ES(pg) es[pg]
#define ET(pg) et[pg]
#endif
/* What a page set must hold, captured while the word says {lap, NOREF}: kinds, time of the last record, begin time. */
inline expect() {
  hk=gk[GEN(q*S)]; ht=gt[GEN(q*S)]; hb=gb[GEN(q*S)];
#ifdef LOST
  hl=gl[GEN(q*S)]
#endif
}
/* the page set pg in the reader's hands is sub-buffer q: exactly, complete, finally closed, in the order of time */
inline verify(pg) {
  d_step {
    assert(hdr[pg]==q && bt[pg]==hb);
    i=0;
    do :: i<PS && ((hk>>(2*i))&3)!=0 -> assert(sl[(pg)*PS+i]==q*4+((hk>>(2*i))&3)); i++ :: else -> break od;
    assert(ES(pg)==HDR+i); i=0;
    assert(ET(pg)>=ht && ET(pg)<=W);
    /* the next packet, once begun, does not begin before our end */
    if :: W>(q+1)*S && Q(W)<q+N -> assert(ET(pg)<=gb[GEN((q+1)*S)]) :: else fi;
#ifdef LOST
    assert(el[pg]<=hl)
#endif
  }
}
#ifdef RCRASH            /* never RC beside an "else": that is only taken if nothing else can be */
#define RC :: goto died
#define DIE if :: skip RC fi
#else
#define RC
#define DIE skip
#endif

proctype Reader(byte me) PROV {
  byte lw, q, x, s, i, eg, ch, k, sp, hk, ht, hb;
#ifdef LOST
  byte hl;
#endif
#if !defined(NOPEEK) || !defined(NOCOPY)
  byte cp[PS];
#endif
#ifndef NOCOPY
  byte ces, cet;
#endif
rloop:
  atomic { FINR; lw=0; q=0; x=0; s=0; eg=0; ch=0; i=0; k=0; sp=0; hk=0; ht=0; hb=0;
#if !defined(NOPEEK) || !defined(NOCOPY)
    do :: i<PS -> cp[i]=0; i++ :: else -> i=0; break od;
#endif
#ifndef NOCOPY
    ces=0; cet=0;
#endif
    lw=W;
    if
#ifndef NOGET
#ifdef DISCARD
    :: Q(lw)>Q(R) -> q=Q(R)
#else
    :: Q(lw)>Q0 -> q=Q(lw)-1; do :: q>Q0 && q+N>Q(lw) -> q-- :: break od
#endif
#endif
#ifndef NOPEEK
    :: OFF(lw)!=0 -> goto peek
#endif
#ifdef RCRASH
    :: claim[0]==GONE -> k=0; goto takeover
#if NSEAT>1
    :: claim[1]==GONE -> k=1; goto takeover
#endif
#endif
#ifdef FAULT_CLAIM_TAKEN_FROM_THE_LIVING
    :: claim[0]!=0 -> s=claim[0]; goto takeover
#endif
#ifdef FAULT_OWNER_START_APART          /* {owner, start time} is no process that lives */
    :: claim[0]!=0 && ostart[0]!=claim[0] -> s=claim[0]; goto takeover
#endif
    :: else -> goto rloop
    fi;
#ifdef DISCARD
#ifdef NOCOPY
    lw=0
#endif
#else
    lw=0
#endif
    }

#ifndef NOCOPY
  if :: skip :: goto table fi;
#endif
  /* ---- Get: one delivered sub-buffer. First a seat: claim, position, then a look at the other seat ---- */
#ifdef SEATS
  atomic { if
    :: claim[0]==0 -> claim[0]=me; k=0
#if NSEAT>1
    :: claim[0]!=0 && claim[1]==0 -> claim[1]=me; k=1
    :: claim[0]!=0 && claim[1]!=0 -> goto rloop
#else
    :: claim[0]!=0 -> goto rloop
#endif
    RC fi }
#ifdef FAULT_OWNER_START_APART
  atomic { ostart[k]=me };
#endif
#if NSEAT>1 && defined(FAULT_SEAT_LOOK_BEFORE_POSITION)
  atomic { if :: claim[1-k]!=0 && pos[1-k]%N==q%N -> goto nothing :: else fi }
#endif
  atomic { if :: pos[k]=q RC fi }
#if NSEAT>1 && !defined(FAULT_SEAT_NO_LOOK) && !defined(FAULT_SEAT_LOOK_BEFORE_POSITION)
  atomic { if :: skip RC fi; if :: claim[1-k]!=0 :: else -> goto alone fi }
  atomic { if :: skip RC fi; if :: pos[1-k]%N==q%N -> CV(10,1); goto nothing :: else fi }
alone:
#endif
#if defined(DISCARD) && !defined(FAULT_RANGE_BEFORE_CLAIM)
  atomic { if :: Q(R)!=q -> CV(8,1); goto nothing :: else fi };     /* consumed before the seat was ours: not pinned by R */
#endif
#endif
again:
  atomic { CNTR; if :: x=id[q%N] RC fi;
    if
    :: x==MK(TAG(q*S),1,IX(x))
#ifdef FAULT_READER_WAITS
    :: TG(x)<TAG(q*S) || x==MK(TAG(q*S),0,IX(x)) -> goto again
#endif
#ifdef FAULT_GET_LATER_LAP
    :: NR(x)==1 && TG(x)>TAG(q*S)
#endif
    :: else ->                        /* not delivered yet: "again"; or the writers have come round, then R says so */
#if TAGM>=16
       if
       :: x==MK(TAG(q*S),0,IX(x)) || x==MK(PTAG(q*S),1,IX(x))
       :: TG(x)>TAG(q*S) -> CV(11,1);
#ifdef DISCARD
          assert(false)
#else
          assert(R>q*S)
#endif
       :: else -> assert(false)
       fi;
#endif
       goto nothing
    fi }
#ifdef DISCARD
  atomic { s=IX(x); x=0; expect();
#ifdef FAULT_CONSUME_BEFORE_READ
    R=(q+1)*S
#endif
  }
  verify(s);
  atomic { if :: skip RC fi; verify(s); CV(12,Q(W)>=q+N) }
  atomic { DIE; if :: R<(q+1)*S -> R=(q+1)*S :: else fi };
  goto nothing;
#else
#ifdef SEATS
#ifdef FAULT_WANTED_NOTED_LATE
  atomic { sp=SPARE(k) };
#else
  atomic { if :: sp=SPARE(k); pages[k]=PAGES(sp,IX(x)) RC fi }
#endif
#else
  sp=SPARE(0);
#endif
  atomic { if
    :: id[q%N]==x -> s=IX(x); id[q%N]=MK(TG(x),1,sp); own[k]=s; x=0; PERM; expect()
    :: id[q%N]!=x -> CV(13,1); goto nothing         /* the note of what was wanted stays, and says nothing */
    RC fi }
#ifdef FAULT_WANTED_NOTED_LATE
  atomic { if :: pages[k]=PAGES(sp,s) RC fi }
#endif
  verify(s);
  atomic { if :: skip RC fi; verify(s) }
  /* ---- Put: back into its location if the writers have not moved in, then the note, then the seat ---- */
#ifdef FAULT_CLAIM_FREED_EARLY
  atomic { claim[k]=0 };
#endif
  atomic { DIE; if
#ifdef FAULT_PUT_WITHOUT_TAG
    :: NR(id[q%N])==1 && IX(id[q%N])==sp -> id[q%N]=MK(TG(id[q%N]),1,s); own[k]=sp; s=sp; PERM
#endif
#ifdef FAULT_PUT_PLAIN_STORE
    :: id[q%N]=MK(TAG(q*S),1,s); own[k]=sp; s=sp; PERM
#else
    :: id[q%N]==MK(TAG(q*S),1,sp) -> id[q%N]=MK(TAG(q*S),1,s); own[k]=sp; s=sp; PERM
#endif
    :: else -> CV(14,1)
    fi;
    sp=0;
#ifndef SEATS
    pages[0]=PAGES(s,0)
#endif
  }
#ifdef SEATS
  atomic { if :: pages[k]=PAGES(s,0) RC fi }
#endif
  goto nothing;
#endif

#ifndef NOPEEK
  /* ---- Peek: the open sub-buffer, touching nothing ---- */
peek:
  q=Q(lw);
#ifndef FAULT_PEEK_NO_COMMIT_CHECK
  atomic { CNTR; i=cc[q%N]; if :: ((i-OFF(lw))&CM)==LP(lw) :: else -> CV(15,1); goto rloop fi; i=0 }
#endif
#ifdef FAULT_PEEK_NO_W_RECHECK
  eg=gk[GEN(lw)];
#else
  atomic { if :: W==lw -> eg=gk[GEN(lw)] :: W!=lw -> goto rloop fi }
#endif
  atomic { x=id[q%N]; if :: TG(x)==TAG(lw) :: else -> goto rloop fi; x=REF(x) }
  ch=hdr[IX(x)];
#ifndef FAULT_PEEK_NO_HEADER_CHECK       /* a reader's spare may stand at the location, and stay there */
  if :: ch!=q -> CV(9,1); goto rloop :: else fi;
#endif
  do :: i+HDR<OFF(lw) -> atomic { cp[i]=sl[IX(x)*PS+i]; i++ } :: else -> i=0; break od;
#ifndef FAULT_PEEK_NO_RECHECK
#ifdef FAULT_PEEK_RECHECK_WITHOUT_LAP
  atomic { if :: IX(id[q%N])==IX(x) :: else -> goto rloop fi }
#else
  atomic { if :: REF(id[q%N])==x -> CV(16,NR(id[q%N])==1) :: else -> CV(17,1); goto rloop fi }    /* lap and index */
#endif
#else
  i=0;
#endif
  d_step {
    assert(ch==q);
    do :: i+HDR<OFF(lw) -> assert(cp[i]==q*4+((eg>>(2*i))&3)); i++ :: else -> i=0; break od
  }
  goto rloop;
#endif

#ifndef NOCOPY
  /* ---- a validated copy: from the table, or, if another's page stands there, from the seat that says it is its spare ---- */
table:
  atomic { x=id[q%N];
    if :: x==MK(TAG(q*S),1,IX(x)) -> s=IX(x); expect(); k=0 :: else -> goto rloop fi }
look:
  atomic { ch=hdr[s];
#ifndef FAULT_COPY_NO_HEADER_CHECK
    if :: ch==q -> goto copy :: else fi
#else
    goto copy
#endif
  }
#ifndef DISCARD
  do
  :: k<NSEAT -> atomic { CV(20,1); if :: SPARE(k)==IX(x) -> s=WANTED(k); k++; CV(18,1); goto look :: else -> k++ fi }
  :: else -> goto rloop
  od;
#else
  goto rloop;
#endif
copy:
  do :: i<PS -> atomic { cp[i]=sl[s*PS+i]; i++ } :: else -> i=0; break od;
  atomic { ces=es[s]; cet=et[s] }
#ifndef FAULT_COPY_NO_RECHECK
  atomic { if :: id[q%N]==MK(TAG(q*S),1,IX(id[q%N])) -> CV(21,s!=IX(x)); CV(7,IX(id[q%N])!=IX(x))
              :: else -> CV(19,1); goto rloop fi }                  /* lap and NOREF, whatever the index */
#else
  i=0;
#endif
  d_step {
    assert(ch==q);
    do :: i<PS && ((hk>>(2*i))&3)!=0 -> assert(cp[i]==q*4+((hk>>(2*i))&3)); i++ :: else -> break od;
    assert(ces==HDR+i && cet>=ht); i=0
  }
  goto rloop;
#endif

nothing:                 /* nothing is held any more: the seat is free, and what it says of its page set is true */
#ifdef SEATS
  atomic { if :: skip RC fi;
#ifndef DISCARD
#ifndef NOGHOST
    assert(SPARE(k)==own[k]);
#endif
#endif
    claim[k]=0 };
#endif
  goto rloop;

#if defined(RCRASH) || defined(FAULT_CLAIM_TAKEN_FROM_THE_LIVING) || defined(FAULT_OWNER_START_APART)
takeover:                /* the claim; is the dead one's spare in the table? then back with what it took, else it never was */
  atomic {
#ifdef RCRASH
    s=GONE;
#endif
    if :: claim[k]==s -> claim[k]=me; s=0 :: claim[k]!=s -> goto rloop RC fi;
    lw=0; q=0 }
#ifdef FAULT_OWNER_START_APART
  atomic { ostart[k]=me };
#endif
#ifdef DISCARD
  goto nothing;
#else
#ifdef FAULT_SUCCESSOR_KEEPS_ALL
  goto nothing;
#endif
  sp=SPARE(k);
  do
  :: i<N -> atomic { DIE; if :: IX(id[i])==sp -> i=0; break :: else -> i++ fi }
  :: else -> i=0; goto nothing
  od;
#ifdef FAULT_SUCCESSOR_FORGETS
  atomic { pages[k]=PAGES(WANTED(k),0); goto nothing };
#endif
  q=pos[k];
  atomic { DIE; if
#ifdef FAULT_SUCCESSOR_PUTS_ALL
    :: NR(id[q%N])==1 && IX(id[q%N])==sp -> id[q%N]=MK(TG(id[q%N]),1,WANTED(k)); own[k]=sp; PERM; s=sp
#endif
    :: id[q%N]==MK(TAG(q*S),1,sp) -> id[q%N]=MK(TAG(q*S),1,WANTED(k)); own[k]=sp; PERM; s=sp; CV(22,1)
    :: else -> s=WANTED(k); CV(23,1)
    fi }
  atomic { if :: pages[k]=PAGES(s,0) RC fi }
  goto nothing;
#endif
#endif
#ifdef RCRASH
died:
  atomic { if :: claim[0]==me -> claim[0]=GONE :: else fi;
#if NSEAT>1
    if :: claim[1]==me -> claim[1]=GONE :: else fi;
#endif
    goto rloop }
#endif
stop: skip
}

#ifdef SOLO
proctype Freeze() { atomic { if :: solo=1 :: solo=NW+1 fi } }        /* writers are symmetric */
#endif

init { atomic {
  id[0]=MK((START-1)%TAGM,1,0); id[1]=MK((START-1)%TAGM,1,1);
  cc[0]=WR(START*S); cc[1]=cc[0]; sb[0]=cc[0]; sb[1]=cc[0]; gd[0]=START; gd[1]=START;
#if N>2
  id[2]=MK((START-1)%TAGM,1,2); cc[2]=cc[0]; sb[2]=cc[0]; gd[2]=START;
  id[3]=MK((START-1)%TAGM,1,3); cc[3]=cc[0]; sb[3]=cc[0]; gd[3]=START;
#endif
#ifndef DISCARD
  pages[0]=PAGES(N,0); own[0]=N;
#if NSEAT>1
  pages[1]=PAGES(N+1,0); own[1]=N+1;
#endif
#endif
  run Writer(1);
#if NW>1
  run Writer(2);
#endif
#if NW>2
  run Writer(3);
#endif
#if NRD>0
  run Reader(1);
#endif
#if NRD>1
  run Reader(2);
#endif
#if NRD>2
  run Reader(3);
#endif
#ifdef SOLO
  run Freeze()
#endif
} }

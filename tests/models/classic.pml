/* The classic writer: reserve by CAS on W, commit by an atomic add on the location's counter, deliver by who is elected.
 *
 * Positions count slots.  N locations of S slots; HDR slots of header, then records of 1 or 2 slots (MINSZ..MAXSZ), so both
 * padding and exact fill occur.  q = position/S = sub-buffer number, location q%N, lap q/N.  B = N*S = one lap.
 * W and R are kept unwrapped; every formula of the algorithm sees them through WR(), a word of WB bits, and the commit
 * counters are kept in such words.  The first lap is START, so the default wraps the word after one lap.
 * id word: {lap tag, NOREF, page-set index}.  The lap is stamped when NOREF is cleared:
 *   entering    CAS {lap-1, NOREF, i} -> {lap, ref, i}        delivering  CAS {lap, ref, i} -> {lap, NOREF, i}
 * Every atomic block holds ONE shared access (plus locals and ghosts); a record's slots are stored in one step.
 * A process that never steps again is stalled or dead for ever: possible everywhere, at every step.
 * The clock is W itself: it moves exactly when somebody reserves, which is all that order can depend on.
 *
 * Sizes:  N S HDR NW (writers) NRD (readers, at most 3) SLOTS (reserved at least, before the writers stop) MINSZ MAXSZ
 *         WB START TAGM (values of the lap tag)
 * Modes:  DISCARD   the oldest is kept; no spare, the reader reads in place, pinned by R
 *         IDONLY    a simpler variant: no cc_sb, no election; the id word alone says "delivered" (README.md)
 *         LEAN      IDONLY, and R is not pushed either: the oldest readable position follows from W
         LOST      losses are counted and travel in the end fields; each writer makes OPS attempts
 *         RCRASH    readers die at any step, the other (or a successor) takes over
 *         SOLO      at any instant all but one are frozen for ever: the one left ends its operation in a bound of loads
 *         NOPEEK NOGET  the reader does without;  NOGHOST  no assertions at the writer's own steps
 *         COVER=n   an "error" of such a run proves that branch n is reached
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

#ifdef LEAN
#define IDONLY
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
#define NP (N+1)
#endif

byte W = START*B;
byte R = START*B;        /* always a multiple of S */
byte cc[N];              /* bytes committed at the location, all laps */
byte sb[N];              /* bytes delivered ("cc_sb"); +1 while the elected one delivers */
byte id[N];
byte hdr[NP];            /* packet header: sub-buffer number, */
byte bt[NP];             /*   begin time */
byte es[NP];             /* end fields: content size, */
byte et[NP];             /*   end time */
byte sl[NP*PS];          /* slots: q*4 + kind; kind 1 single, 2 first half, 3 second half */
#ifdef DISCARD
#define rp N
#else
byte rp = N;             /* the readers' own page set: the index that is not in the table */
#endif
#ifdef LOST
byte lost;               /* records dropped, all causes */
byte el[NP];             /* end field: lost when the closing reservation began */
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

inline perm() {          /* the page-set numbers in the table and the readers' own are a permutation */
  assert(IX(id[0])!=rp && IX(id[1])!=rp && IX(id[0])!=IX(id[1]));
#if N>2
  assert(IX(id[2])!=rp && IX(id[2])!=IX(id[0]) && IX(id[2])!=IX(id[1]));
  assert(IX(id[3])!=rp && IX(id[3])!=IX(id[0]) && IX(id[3])!=IX(id[1]) && IX(id[3])!=IX(id[2]));
#endif
}
/* a store into page pg for position p is legal only while its location is entered for that lap, and no reader holds it */
#ifdef FAULT_NO_TAG
#define MINE(p,pg) (NR(id[LOC(p)])==0 && IX(id[LOC(p)])==(pg) && (pg)!=rp)
#else
#define MINE(p,pg) (id[LOC(p)]==MK(TAG(p),0,pg) && (pg)!=rp)
#endif
#ifdef FAULT_PER_LOCATION_VALUES
#define EI(p,pg) LOC(p)                 /* end fields are kept by location */
#else
#define EI(p,pg) pg                     /* end fields travel with the page */
#endif
#ifdef FAULT_CLOCK_BEFORE_W
#define TIME t
#else
#define TIME w                          /* the clock was read when W was w, or the CAS fails */
#endif

inline push(p) {         /* overwrite: the oldest becomes unreadable as a writer enters its location */
#ifndef DISCARD
#if !defined(FAULT_NO_PUSH) && !defined(LEAN)
  do
  :: atomic { x=R; if :: (p)/S*S-x<B -> x=0; break :: else fi }
     atomic { if :: R==x -> R=(p)/S*S-B+S; x=0; break :: else -> CV(1,1) fi }
  od
#else
  skip
#endif
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
  :: atomic { cc[LOC(p)]=WR(cc[LOC(p)]+(size)); gs[LOC(p)]=gs[LOC(p)]+(size); G(gs[LOC(p)]<=S)
#ifndef XADD             /* re-read: the last adder is sure to see it all, others may too; the result of the add: only the last */
     }
     atomic {
#else
       ;
#endif
       c=cc[LOC(p)];
       if :: COMPLETE(p,c) :: else -> c=0; break fi }
#ifdef IDONLY
     atomic { if
       :: id[LOC(p)]==MK(TAG(p),0,IX(id[LOC(p)])) -> id[LOC(p)]=id[LOC(p)]|NOREF;
          assert(gs[LOC(p)]==S); gs[LOC(p)]=0; gd[LOC(p)]=LAP(p)+1
       :: else -> CV(4,1) fi; c=0; break }
#else
#ifndef FAULT_NO_ELECTION
     atomic { if :: sb[LOC(p)]==WR(c-S) -> sb[LOC(p)]=WR(c-S+1) :: else -> CV(4,1); c=0; break fi }
#endif
#ifdef FAULT_PUBLISH_BEFORE_NOREF
     atomic { sb[LOC(p)]=c; gd[LOC(p)]=LAP(p)+1 }
#endif
#ifdef FAULT_END_TIME_FROM_DELIVERER
     atomic { et[EI(p,IX(id[LOC(p)]))]=w }
#endif
#ifdef FAULT_END_TIME_AT_DELIVERY
     atomic { et[EI(p,IX(id[LOC(p)]))]=W }
#endif
#ifdef FAULT_LOST_SAMPLED_AT_DELIVERY
     atomic { el[IX(id[LOC(p)])]=lost }
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
#endif
  od
}

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
  byte w, nw, x, c, pg, npg, sz;
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
#ifdef LOST
  atomic { ls=lost };
#endif
  if
  :: Q(nw-1)==Q(w) && OFF(w)!=0 -> goto reserve
  :: else
  fi;
#ifdef IDONLY            /* the lap in the id word tells a stale W from an undelivered lap: no second look at W is needed */
  atomic { c=id[LOC(nw-1)];
    if
    :: c==MK(PTAG(nw-1),1,IX(c))                                    /* the lap before is delivered */
    :: TG(c)>=TAG(nw-1) -> c=0; goto retry                          /* somebody has entered: w is stale */
    :: else -> assert(gd[LOC(nw-1)]<LAP(nw-1)); CV(5,1); pg=1; FIN
    fi; c=0 }
  if :: pg==1 -> pg=0; drop(); goto loop :: else fi;                /* lost: wrap */
#else
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
#endif
#ifdef DISCARD
#ifndef FAULT_NO_FULL_CHECK
  atomic { if :: (nw-1)/S*S-R>=B -> x=1; CV(6,1); FIN :: else fi };
  if :: x==1 -> x=0; drop(); goto loop :: else fi;                  /* lost: full */
#endif
#endif
reserve:
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
#ifdef FAULT_PUSH_AFTER_CLEAR
  clear(nw-1,npg);
  push(nw-1);
#else
  push(nw-1);
  clear(nw-1,npg);
#endif

  /* ---- the sub-buffer we closed, if any: end fields, then padding ---- */
  if
  :: OFF(w)!=0 && Q(nw-1)!=Q(w) ->
     clear(w-1,pg);
#ifdef FAULT_END_FIELDS_AFTER_PADDING
     commit(w-1,S-OFF(w));
#endif
     atomic { G(MINE(w-1,pg)); es[EI(w-1,pg)]=OFF(w); et[EI(w-1,pg)]=TIME;
#ifdef LOST
       el[pg]=ls
#endif
     }
#ifndef FAULT_END_FIELDS_AFTER_PADDING
     commit(w-1,S-OFF(w));
#endif
     pg=0
  :: else
  fi;
  /* ---- the sub-buffer we opened, if any: its header ---- */
  if
  :: Q(nw-1)!=Q(w) || OFF(w)==0 ->
     atomic { G(MINE(nw-1,npg)); hdr[npg]=Q(nw-1); bt[npg]=TIME }
     commit(nw-1,HDR)
  :: else
  fi;
  /* ---- our record fills the sub-buffer: we close it, our own commit completes it ---- */
  if
  :: OFF(nw)==0 -> atomic { G(MINE(nw-1,npg)); es[EI(nw-1,npg)]=S; et[EI(nw-1,npg)]=TIME;
#ifdef LOST
       el[npg]=ls
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
  commit(nw-1,sz);
#endif
  atomic { G(MINE(nw-1,npg)); sl[npg*PS+(nw-1)%S+1-HDR-sz]=Q(nw-1)*4+(sz==1->1:2);
    if :: sz==2 -> sl[npg*PS+(nw-1)%S-HDR]=Q(nw-1)*4+3 :: else fi; npg=0 }
#ifndef FAULT_COMMIT_BEFORE_BYTES
  commit(nw-1,sz);
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

/* What a page set must hold, captured when it was taken: kinds, time of the last record, begin time. */
byte hk, ht, hb;
#ifdef LOST
byte hl;
#endif
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
    assert(es[EI(q*S,pg)]==HDR+i); i=0;
    assert(et[EI(q*S,pg)]>=ht && et[EI(q*S,pg)]<=W);
    /* the next packet, once begun, does not begin before our end */
    if :: W>(q+1)*S && Q(W)<q+N -> assert(et[EI(q*S,pg)]<=gb[GEN((q+1)*S)]) :: else fi;
#ifdef LOST
    assert(el[pg]<=hl)
#endif
  }
}

#if NRD>1
/* The one claim slot: {sub-buffer, page set, owner, state}; 0 = free. */
short claim;
bit gone[NRD+1];         /* that reader's process has ended */
byte ngone;
#define GETTING 1
#define HELD 2
#define RETURNING 3
#define CLAIM(st,o,q,j) ((((q)*8+(j))*4+(o))*4+(st))
#define CST(k) ((k)&3)
#define COWN(k) (((k)>>2)&3)
#define CIX(k) (((k)>>4)&7)
#define CQ(k) ((k)>>7)
#endif
#ifdef RCRASH
#if NRD>1
#define RC :: ngone<NRD-1 -> ngone++; gone[me]=1; goto stop
#else
#define RC :: goto successor
#endif
#else
#define RC
#endif

proctype Reader(byte me) PROV {
  byte lw, q, x, s, c, i, eg, ch;
  byte cp[PS];
#if NRD>1
  short k; byte ces, cet, lt;
#endif
rloop:
  atomic { FINR; lw=0; q=0; x=0; s=0; c=0; eg=0; ch=0; i=0;
    do :: i<PS -> cp[i]=0; i++ :: else -> i=0; break od;
#if NRD>1
    k=0; ces=0; cet=0; lt=0;
#else
    hk=0; ht=0; hb=0;
#endif
    if :: lw=W RC fi;
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
    :: else -> goto rloop
    fi }

  /* ---- Get: one delivered sub-buffer ---- */
#if NRD>1 && defined(DISCARD)
  if :: me!=1 -> goto table :: else fi;  /* only the first consumes */
#endif
#if NRD>1 && !defined(DISCARD)
  atomic { lw=0; if :: k=claim RC fi;
    if
    :: k==0
    :: k!=0 && gone[COWN(k)] -> goto takeover
#ifdef FAULT_CLAIM_TAKEN_FROM_THE_LIVING
    :: k!=0 -> goto takeover
#endif
    :: k!=0 && !gone[COWN(k)] ->
       if :: CST(k)==HELD && CQ(k)==q -> CV(10,1); eg=hk; lt=ht; s=CIX(k); goto copy
          :: else -> k=0; goto table fi
    fi }
  atomic { if :: claim==0 -> claim=CLAIM(GETTING,me,q,0) :: claim!=0 -> goto rloop RC fi }
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
#ifndef LEAN
          assert(R>q*S)
#else
          skip
#endif
#endif
       :: else -> assert(false)
       fi;
#endif
#if NRD>1 && !defined(DISCARD)
       goto nothing
#else
       goto rloop
#endif
    fi }
#ifdef DISCARD
  atomic { s=IX(x); x=0; expect();
#ifdef FAULT_CONSUME_BEFORE_READ
    R=(q+1)*S
#endif
  }
  verify(s);
  atomic { if :: skip RC fi; verify(s); CV(12,Q(W)>=q+N) }
  atomic { if :: R=(q+1)*S RC fi };
  goto rloop;
#else
  atomic { if
    :: id[q%N]==x -> s=rp; id[q%N]=MK(TG(x),1,s); rp=IX(x); x=0; perm(); expect()
    :: id[q%N]!=x -> CV(13,1);
#if NRD>1
       goto nothing
#else
       goto rloop
#endif
    RC fi }
#if NRD>1
  atomic { if :: claim=CLAIM(HELD,me,q,rp) RC fi }
#endif
  verify(rp);
  atomic { if :: skip RC fi; verify(rp) }
  /* ---- Put: back into its location, if the writers have not moved in ---- */
#if NRD>1
#ifdef FAULT_CLAIM_FREED_EARLY
  atomic { x=rp; claim=0 }
  atomic { if :: id[q%N]==MK(TAG(q*S),1,s) -> id[q%N]=MK(TAG(q*S),1,x); rp=s; perm() :: else fi; x=0 }
#else
#ifndef FAULT_CLAIM_NOT_RETURNING
  atomic { if :: claim=CLAIM(RETURNING,me,q,rp) RC fi }
#endif
  atomic { if
    :: id[q%N]==MK(TAG(q*S),1,s) -> id[q%N]=MK(TAG(q*S),1,rp); rp=s; perm()
    :: else -> CV(14,1)
    RC fi }
  atomic { if :: claim=0; hk=0; ht=0; hb=0 RC fi }
#endif
#else
  atomic { if
#ifdef FAULT_PUT_WITHOUT_TAG
    :: NR(id[q%N])==1 && IX(id[q%N])==s -> id[q%N]=MK(TG(id[q%N]),1,rp); rp=s; perm()
#endif
#ifdef FAULT_PUT_PLAIN_STORE
    :: id[q%N]=MK(TAG(q*S),1,rp); rp=s; perm()
#else
    :: id[q%N]==MK(TAG(q*S),1,s) -> id[q%N]=MK(TAG(q*S),1,rp); rp=s; perm()
#endif
    :: else -> CV(14,1)
    RC fi }
#endif
  goto rloop;
#endif

#ifndef NOPEEK
  /* ---- Peek: the open sub-buffer, touching nothing ---- */
peek:
  q=Q(lw);
#ifndef FAULT_PEEK_ID_AFTER_W            /* the id is loaded before W is looked at again, so that it is not a delivered one's */
  atomic { if :: x=id[q%N] RC fi; if :: TG(x)==TAG(lw) :: else -> goto rloop fi }
#endif
#ifndef FAULT_PEEK_NO_COMMIT_CHECK
  atomic { CNTR; c=cc[q%N]; if :: ((c-OFF(lw))&CM)==LP(lw) :: else -> CV(15,1); goto rloop fi; c=0 }
#endif
#ifdef FAULT_PEEK_NO_W_RECHECK
  eg=gk[GEN(lw)];
#else
  atomic { if :: W==lw -> eg=gk[GEN(lw)] :: W!=lw -> goto rloop fi }
#endif
#ifdef FAULT_PEEK_ID_AFTER_W
  atomic { x=id[q%N]; if :: TG(x)==TAG(lw) :: else -> goto rloop fi }
#endif
  x=REF(x);
  ch=hdr[IX(x)];
  do :: i+HDR<OFF(lw) -> atomic { cp[i]=sl[IX(x)*PS+i]; i++ } :: else -> i=0; break od;
#ifndef FAULT_PEEK_NO_RECHECK
#ifdef FAULT_PEEK_RECHECK_WITHOUT_LAP
  atomic { if :: IX(id[q%N])==IX(x) :: else -> goto rloop fi }
#else
  atomic { if :: REF(id[q%N])==x -> CV(16,NR(id[q%N])==1) :: else -> CV(17,1); goto rloop fi }    /* lap and index */
#endif
#endif
#ifdef FAULT_PEEK_NO_RECHECK
  i=0;
#endif
  d_step {
    assert(ch==q);
    do :: i+HDR<OFF(lw) -> assert(cp[i]==q*4+((eg>>(2*i))&3)); i++ :: else -> i=0; break od
  }
  goto rloop;
#endif

#if NRD>1
#ifndef DISCARD
nothing:
  atomic { if :: claim=0 RC fi };
  goto rloop;
#endif

  /* ---- somebody else holds the claim: a validated copy, from the page it names or from the table ---- */
table:
  atomic { x=id[q%N]; if :: x==MK(TAG(q*S),1,IX(x)) -> s=IX(x); eg=gk[GEN(q*S)]; lt=gt[GEN(q*S)] :: else -> goto rloop fi }
copy:
  ch=hdr[s];
  do :: i<PS -> atomic { cp[i]=sl[s*PS+i]; i++ } :: else -> i=0; break od;
  atomic { ces=es[s]; cet=et[s] }
#ifndef FAULT_CLAIM_COPY_NO_RECHECK
  atomic { if :: k!=0 && claim!=k -> CV(18,1); goto rloop
              :: k==0 && id[q%N]!=x -> CV(19,1); goto rloop
              :: else fi }
#endif
#ifndef FAULT_CLAIM_NO_HEADER_CHECK
  if :: k==0 && ch!=q -> CV(20,1); goto rloop :: else fi;           /* the spare of who holds it: stale bytes */
#endif
  d_step {
    assert(ch==q);
    do :: i<PS && ((eg>>(2*i))&3)!=0 -> assert(cp[i]==q*4+((eg>>(2*i))&3)); i++ :: else -> break od;
    assert(ces==HDR+i && cet>=lt); i=0
  }
  CV(21,1);
  goto rloop;

#ifndef DISCARD
takeover:                /* first the claim, marked so that nobody copies; then the same as any successor */
  atomic { if :: claim==k -> claim=CLAIM(RETURNING,me,0,0) :: claim!=k -> goto rloop RC fi; k=0; q=0 }
#endif
#else
successor:
#endif
#ifndef DISCARD
  atomic { lw=0; x=0; s=0; c=0; eg=0; ch=0; i=0; perm(); q=hdr[rp] }
#ifndef FAULT_SUCCESSOR_KEEPS_ALL
  if
  :: q>=Q0 ->
     atomic { if :: x=id[q%N] RC fi }
     if
#ifdef FAULT_SUCCESSOR_PUTS_ALL
     :: NR(x)==1 ->
#else
     :: x==MK(TAG(q*S),1,IX(x)) ->
#endif
        atomic { if :: id[q%N]==x -> s=IX(x); id[q%N]=MK(TAG(q*S),1,rp); rp=s; perm(); CV(22,1) :: id[q%N]!=x RC fi }
     :: else
     fi
  :: else
  fi;
#endif
#if NRD>1
  goto nothing;
#else
  goto rloop;
#endif
#else
  goto rloop;
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

/* The restartable writer: one store publishes.  N locations, N+1 page sets, one reader.
 *
 * Positions count slots, K slots a sub-buffer; a record takes 1 or 2 slots, so both padding and exact fill occur.
 * q = position/K = sub-buffer number, location q%N, lap q/N.  W starts at lap 1, so the pre-roll lap is 0.
 * Every atomic block holds ONE shared access (plus locals and ghosts).  A thread inside a section loses it when
 * another one enters a section (own), or by itself (signal, migration).  Steps outside sections interleave freely:
 * preempted, or running on another CPU.  A thread that never steps again is stalled or dead, which is always possible;
 * KILL makes death an explicit step (a killed thread also frees its section).
 *
 * Sizes:   N K NW (writers) SLOTS (slots published before the writers stop) MINSZ MAXSZ TAGM (values of the lap tag)
 * Modes:   DISCARD  the oldest is kept, the newest dropped;  INPLACE  discard without spare: read in place, pinned by R
 *          KILL     writers die at any step;  RCRASH  the reader dies at any step and a successor takes over
 *          LOOKER   a second reader that only looks (Peek, validated copy); K=2
 *          SOLO     at any instant all but one are frozen for ever: the one left ends its operation in a bound of loads
 *          CLK      the clock is read in a step of its own;  DIRECT  the undelivered next is entered in one CAS
 *          COVER=n  an "error" of such a run proves that branch n is reached
 *          NOGHOST  drops the assertions at the writer's stores, NOMONO "W grows", NOSTUCK "only a stale W finds a
 *                   strange id": then a fault has to show in what the reader reads.
 * Faults:  FAULT_<NAME>, each must fail; the list with its effect is in README.md. */
#ifdef FAULT_NO_TAG
#define TAGM 1
#endif
#ifdef FAULT_TAG_OF_2_VALUES
#define TAGM 2
#endif
#ifdef FAULT_TAG_OF_3_VALUES
#define TAGM 3
#endif
#ifdef FAULT_TAG_OF_4_VALUES
#define TAGM 4
#endif
#ifdef FAULT_CONSUME_BEFORE_READ
#define INPLACE
#endif
#ifdef INPLACE
#define DISCARD
#define HP s             /* the page the reader reads: the one that stands in the table */
#else
#define HP rp            /* the page the reader reads: its own, since the exchange */
#endif
#ifndef N
#define N 2
#endif
#ifndef K
#define K 2
#endif
#ifndef NW
#define NW 2
#endif
#ifndef TAGM
#define TAGM 16
#endif
#ifndef SLOTS           /* slots published at least, before the writers stop */
#define SLOTS (2*N*K)
#endif
#ifndef MINSZ
#define MINSZ 1
#endif
#ifndef MAXSZ
#define MAXSZ 2
#endif
#define NP (N+1)
#define WMAX (N*K+SLOTS)
/* id word: tag*8 | NOREF*4 | index */
#define TAG(q) (((q)/N)%TAGM)
#define PTAG(q) ((((q)-N)/N)%TAGM)
#define MK(t,n,i) ((t)*8+(n)*4+(i))
#define IX(x) ((x)&3)
#define NR(x) (((x)>>2)&1)
#define TG(x) ((x)>>3)
#define LOC(q) ((q)%N)
#define OFF(w) ((w)%K)
#ifdef FAULT_REF_WITHOUT_LAP         /* fault: the ref state carries no lap */
#define RTAG(q) 0
#else
#define RTAG(q) TAG(q)
#endif

byte W = N*K;
byte R = N;              /* discard mode: first sub-buffer number not yet consumed */
byte id[N];
byte rp = N;             /* the reader's own page set (the index that is not in the table) */
byte hdr[NP];            /* packet header: sub-buffer number */
byte es[NP];             /* end fields: content size */
byte et[NP];             /* end fields: end time */
byte sl[NP*K];           /* slot: q*4 + kind; kind 1 single, 2 first half, 3 second half */
byte own = 0;            /* thread inside a section on this CPU (0 none) */
byte gk[N];              /* ghost: kinds published in the latest sub-buffer published at this location */
byte ge[N];              /* ghost: its end time at its final close */
byte lastT = 0;          /* ghost: time of the last record published */

#ifdef NOGHOST
#define G(c) skip
#else
#define G(c) assert(c)
#endif
#ifdef KILL
#define KL :: goto dead
#else
#define KL
#endif
#ifdef RCRASH
#define RC :: goto rnew
#else
#define RC
#endif
#ifdef FAULT_NO_CPU_CHECK
#define IN (own==me || off_cpu)
#else
#define IN (own==me)
#endif

/* SOLO: at any moment everybody but one is frozen for ever; the one left must finish its operation at once */
#ifdef SOLO
byte solo, cnt;
#define AB (solo==0 || own!=me)
#define ABE (solo==0)
#define CNT if :: solo==me -> cnt++; assert(cnt<=6) :: else fi
#define CNTR if :: solo==NW+1 -> cnt++; assert(cnt<=4) :: else fi
#define FINR if :: solo==NW+1 && cnt>0 -> goto rstop :: else fi
#define FIN if :: solo==me -> goto dead :: else fi
#define PROV provided (solo==0 || solo==_pid)
#else
#define AB 1
#define ABE 1
#define CNT skip
#define CNTR skip
#define FIN skip
#define FINR skip
#define PROV
#endif

#ifdef COVER            /* reachability: an error in a COVER run PROVES that the branch is reached in that configuration */
#define CV(n,c) if :: (COVER==n) && (c) -> assert(false) :: else fi
#else
#define CV(n,c) skip
#endif
#ifdef NOMONO
#define MONO(c) skip
#else
#define MONO(c) assert(c)
#endif
#ifdef NOSTUCK
#define STUCK skip
#else
#define STUCK assert(W!=w)
#endif

inline perm() {          /* the page-set numbers in the table and the reader's own are a permutation */
  assert(IX(id[0])!=rp && IX(id[1])!=rp && IX(id[0])!=IX(id[1]));
#if N>2
  assert(IX(id[2])!=rp && IX(id[2])!=IX(id[0]) && IX(id[2])!=IX(id[1]));
#endif
}
/* a store is legal only into the open sub-buffer at or beyond W, or into the next location once it is (ref, its lap) */
#define OPENOK(p,s) (OFF(W)!=0 && id[LOC(W/K)]==MK(RTAG(W/K),0,p) && (s)>=OFF(W) && (p)!=rp)
#define NEXTOK(p) (id[LOC(nq)]==MK(RTAG(nq),0,p) && W<=nq*K && W+K>nq*K && (p)!=rp)

proctype Writer(byte me) PROV {
  byte w, t, x, y, pg, npg, sz, nq, dq; bit more, sw;
#ifdef FAULT_NO_CPU_CHECK
  bit off_cpu;
#endif
loop:
  atomic { w=0; t=0; x=0; y=0; pg=0; npg=0; nq=0; dq=0; more=0; sw=0;
    if :: W>=WMAX -> goto dead :: W<WMAX -> sz=MINSZ
#if MAXSZ>MINSZ
    :: W<WMAX -> sz=MAXSZ
#endif
    KL fi }
retry:
#ifdef FAULT_CLOCK_BEFORE_W
  t=W;
#endif
  atomic { CNT; if :: w=W KL fi;                                    /* load W ... */
#ifdef CLK
  }
  atomic { t=W;                                                     /* ... then the clock (the clock here is W itself) */
#else
#ifndef FAULT_CLOCK_BEFORE_W
    t=w;
#endif
#endif
    if :: OFF(w)==0 || OFF(w)+sz>K -> nq=(w+K-1)/K; pg=0; npg=0; goto switch
       :: else -> nq=0; npg=0; pg=0 fi }

  /* ---- fast path: record into the open sub-buffer ---- */
  atomic { if :: x=id[LOC(w/K)]; pg=IX(x); x=0 KL fi }
  atomic { if                                                      /* enter the section: CPU check, W check */
    :: ABE -> goto retry                                            /* wrong CPU */
#ifdef FAULT_NO_CPU_CHECK
    :: off_cpu=1; if :: W!=w -> goto retry :: else fi
    :: off_cpu=0; own=me; if :: W!=w -> own=0; goto retry :: else fi
#else
#ifdef FAULT_NO_W_CHECK
    :: own=me
#else
    :: own=me; if :: W!=w -> own=0; goto retry :: else fi
#endif
#endif
    KL fi }
  atomic { if :: IN -> G(OPENOK(pg,OFF(w))); sl[pg*K+OFF(w)]=(w/K)*4+(sz==1->1:2)
              :: AB -> own=(own==me->0:own); goto retry KL fi }
  atomic { if :: sz!=2 :: sz==2 && IN -> G(OPENOK(pg,OFF(w)+1)); sl[pg*K+OFF(w)+1]=(w/K)*4+3
              :: sz==2 && AB -> own=(own==me->0:own); goto retry KL fi }
#ifndef FAULT_NO_END_AT_EXACT_FILL
  atomic { if :: OFF(w)+sz!=K :: OFF(w)+sz==K && IN -> G(OPENOK(pg,OFF(w))); es[pg]=K; et[pg]=t
              :: OFF(w)+sz==K && AB -> own=(own==me->0:own); goto retry KL fi }
#endif
  atomic { if :: IN ->                                               /* publish */
                G(W==w && t>=lastT); lastT=t; MONO(w+sz>W); W=w+sz; own=(own==me->0:own); FIN;
                gk[LOC(w/K)]=gk[LOC(w/K)]|((sz==1->1:(2|(3<<2)))<<(2*OFF(w)));
                if :: OFF(w)+sz==K -> ge[LOC(w/K)]=t; dq=w/K; more=0
                   :: else -> goto loop fi
              :: AB -> own=(own==me->0:own); goto retry KL fi }
#ifdef FAULT_NO_END_AT_EXACT_FILL
  goto loop;
#else
  goto deliver;
#endif

  /* ---- switch: enter sub-buffer nq ---- */
switch:
#ifdef DISCARD
#ifndef FAULT_DISCARD_CHECK_LATE
  atomic { if :: nq>=R+N -> CV(9,1); FIN; goto loop :: nq<R+N KL fi }        /* full: drop the record, touch nothing */
#endif
#endif
#ifdef FAULT_NO_END_AT_EXACT_FILL
  if :: w>N*K -> atomic { x=id[LOC((w-1)/K)]; pg=IX(x); x=0 } :: else fi;
#else
  atomic { if :: OFF(w)==0 :: OFF(w)!=0 -> pg=IX(id[LOC(w/K)]) KL fi };
#endif
s1:
#ifdef FAULT_RESOLVE_BEFORE_CLEAR
  npg=IX(id[LOC(nq)]);
#endif
  atomic { CNT; x=id[LOC(nq)];
    if
#ifdef FAULT_BLIND_CLEAR
    :: NR(x)==0 -> npg=IX(x); goto sec
    :: NR(x)==1 -> y=MK(RTAG(nq),0,IX(x))
#else
#ifdef FAULT_REF_WITHOUT_LAP
    :: x==MK(0,0,IX(x)) -> npg=IX(x); goto sec
    :: x==MK(PTAG(nq),1,IX(x)) -> y=MK(0,0,IX(x))
    :: else -> STUCK; goto retry
#else
    :: x==MK(TAG(nq),0,IX(x)) ->                                    /* somebody has opened it for this lap */
#ifndef FAULT_RESOLVE_BEFORE_CLEAR
       npg=IX(x);
#endif
       goto sec
    :: x==MK(PTAG(nq),1,IX(x)) -> y=MK(TAG(nq),0,IX(x))             /* step 1 */
#if TAGM>1
    :: x==MK(PTAG(nq),0,IX(x)) ->                                    /* previous lap never delivered */
#ifdef FAULT_NO_HELP_OF_NEXT
       STUCK; goto retry
#else
#ifdef DIRECT
       y=MK(TAG(nq),0,IX(x))
#else
       y=MK(PTAG(nq),1,IX(x))                                       /* help deliver it, then step 1 */
#endif
#endif
#endif
    :: else -> CV(2,1); CV(12,W>=w+N*K); STUCK; goto retry   /* only when our W is stale: never stuck */
#endif
#endif
    KL fi }
  atomic { if :: id[LOC(nq)]==x -> id[LOC(nq)]=y; perm(); CV(1,NR(y)==1); CV(11,NR(y)==0&&NR(x)==0);
                 if :: NR(y)==1 -> goto s1
                    :: NR(y)==0 ->
#ifndef FAULT_RESOLVE_BEFORE_CLEAR
                       npg=IX(x)
#endif
                 fi
              :: id[LOC(nq)]!=x -> CV(10,NR(id[LOC(nq)])==1 && TG(id[LOC(nq)])==TG(x)); goto s1 KL fi }
sec:
#ifdef FAULT_DISCARD_CHECK_LATE
  atomic { if :: nq>=R+N -> goto loop :: nq<R+N fi }
#endif
  atomic { x=0; y=0; if                                            /* enter the section: CPU check, W check */
    :: ABE -> goto retry
#ifdef FAULT_NO_CPU_CHECK
    :: off_cpu=1; if :: W!=w -> goto retry :: else fi
    :: off_cpu=0; own=me; if :: W!=w -> own=0; goto retry :: else fi
#else
#ifdef FAULT_NO_W_CHECK
    :: own=me
#else
    :: own=me; if :: W!=w -> own=0; goto retry :: else fi
#endif
#endif
    KL fi }
#ifdef FAULT_NO_END_AT_EXACT_FILL
  atomic { if :: w<=N*K :: w>N*K && IN -> es[pg]=(OFF(w)->OFF(w):K); et[pg]=t; G(pg!=rp)
              :: w>N*K && AB -> own=(own==me->0:own); goto retry KL fi }
#else
  atomic { if :: OFF(w)==0 :: OFF(w)!=0 && IN -> G(OPENOK(pg,OFF(w))); es[pg]=OFF(w); et[pg]=t
              :: OFF(w)!=0 && AB -> own=(own==me->0:own); goto retry KL fi }
#endif
#ifdef FAULT_STORE_W_BEFORE_BYTES
  atomic { if :: IN -> W=nq*K+sz; gk[LOC(nq)]=(sz==1->1:(2|(3<<2))) :: own=(own==me->0:own); goto retry fi }
#endif
  atomic { if :: IN -> G(NEXTOK(npg)); hdr[npg]=nq
              :: AB -> own=(own==me->0:own); goto retry KL fi }
  atomic { if :: IN -> G(NEXTOK(npg)); sl[npg*K]=nq*4+(sz==1->1:2)
              :: AB -> own=(own==me->0:own); goto retry KL fi }
  atomic { if :: sz!=2 :: sz==2 && IN -> G(NEXTOK(npg)); sl[npg*K+1]=nq*4+3
              :: sz==2 && AB -> own=(own==me->0:own); goto retry KL fi }
#ifndef FAULT_NO_END_AT_EXACT_FILL
  atomic { if :: sz!=K :: sz==K && IN -> G(NEXTOK(npg)); es[npg]=K; et[npg]=t
              :: sz==K && AB -> own=(own==me->0:own); goto retry KL fi }
#endif
#ifdef FAULT_DELIVER_BEFORE_STORE   /* fault: delivered before the section's store */
  if :: OFF(w)!=0 -> atomic { if :: id[LOC(w/K)]==MK(RTAG(w/K),0,pg) -> id[LOC(w/K)]=MK(TAG(w/K),1,pg) :: else fi } :: else fi;
#endif
  atomic { if :: IN ->                                               /* publish */
#ifndef FAULT_STORE_W_BEFORE_BYTES
                G(W==w && t>=lastT); lastT=t; MONO(nq*K+sz>W); W=nq*K+sz;
#endif
                own=(own==me->0:own); FIN;
                if :: w>N*K && OFF(w)!=0 -> ge[LOC(w/K)]=t :: else fi;
                gk[LOC(nq)]=(sz==1->1:(2|(3<<2)));
                if :: sz==K -> ge[LOC(nq)]=t :: else fi;
#ifdef FAULT_NO_END_AT_EXACT_FILL
                if :: w>N*K -> dq=(w-1)/K; ge[LOC(dq)]=t; more=0 :: else -> goto loop fi
#else
                if :: OFF(w)!=0 -> dq=w/K; more=(sz==K)
                   :: OFF(w)==0 && sz==K -> dq=nq; more=0
                   :: else -> goto loop fi
#endif
              :: AB -> own=(own==me->0:own); goto retry KL fi }

  /* ---- step 4: deliver sub-buffer dq, which W has passed ---- */
deliver:
  atomic { w=0; t=0; npg=0; pg=0; sw=0;
    if :: x=id[LOC(dq)] KL fi;
    if :: x==MK(RTAG(dq),0,IX(x)) :: else -> x=0; goto d2 fi }
  atomic { if
#ifdef FAULT_DELIVER_PLAIN_STORE
    :: id[LOC(dq)]=MK(TAG(dq),1,IX(x)); perm()
#else
    :: id[LOC(dq)]==x -> id[LOC(dq)]=MK(TAG(dq),1,IX(x))
    :: id[LOC(dq)]!=x -> CV(8,TG(id[LOC(dq)])!=TG(x))
#endif
    KL fi; x=0 }
d2:
  if :: more -> atomic { dq=nq; more=0; goto deliver } :: else -> goto loop fi;
dead:
  atomic { w=0; t=0; x=0; y=0; pg=0; npg=0; nq=0; dq=0; more=0; sw=0; sz=0; if :: own==me -> own=0 :: else fi }
}

inline verify() {        /* the page set HP in the reader's hands is sub-buffer q: exactly, complete, finally closed */
  d_step {
    assert(hdr[HP]==q); assert(et[HP]==ee); 
    c0=0;
    do :: c0<K && ((eg>>(2*c0))&3)!=0 -> assert(sl[HP*K+c0]==q*4+((eg>>(2*c0))&3)); c0++ :: else -> break od;
    assert(es[HP]==c0); c0=0
  }
}

proctype Reader() PROV {
  byte lw, q, x, s, c0, c1, ch, eg, ee; bit early;
rloop:
  atomic { FINR; lw=0; q=0; x=0; s=0; c0=0; c1=0; ch=0; eg=0; ee=0; early=0;
    if :: lw=W RC fi; eg=gk[LOC(lw/K)] }
#ifdef DISCARD
  atomic { if :: (R+1)*K<=lw -> q=R; eg=0 
              :: (R+1)*K>lw && OFF(lw)!=0 -> goto peek
              :: (R+1)*K>lw && OFF(lw)==0 -> goto rloop fi };
#else
  atomic { if
    #ifndef FAULT_ASK_FOR_PREROLL
#define Q0 N
#else
#define Q0 0                /* fault: laps before the first may be asked for */
#endif
    :: q=lw/K; eg=0; do :: q>Q0 && q+N>lw/K -> q-- :: break od
    :: OFF(lw)!=0 -> goto peek fi };
#endif
get:
  atomic { CNTR; if :: x=id[LOC(q)] RC fi;
    if
    :: x==MK(TAG(q),1,IX(x))
    :: x==MK(RTAG(q),0,IX(x)) ->
#ifndef FAULT_HELP_BEFORE_END
       if :: (q+1)*K>lw -> goto rloop :: else fi                      /* still open: peek it instead */
#endif
#ifdef FAULT_GET_LATER_LAP
    :: NR(x)==1 && TG(x)>TAG(q)                                      /* a LATER lap: not the trivial pre-roll case */
#endif
    :: else ->                                                        /* gone; only if the writers have come round */
       if :: (q+1)*K<=lw ->
#ifdef DISCARD
          assert(false)
#else
          assert(W>(q+N-1)*K)
#endif
          :: else fi; goto rloop
    fi }
  atomic { if
    :: NR(x)==0 -> if :: id[LOC(q)]==x -> id[LOC(q)]=MK(TAG(q),1,IX(x)); CV(7,1) :: else fi; goto get       /* help deliver */
#ifdef INPLACE           /* no exchange: R pins the sub-buffer */
    :: NR(x)==1 -> s=IX(x); x=0; G(W>=(q+1)*K); eg=gk[LOC(q)]; ee=ge[LOC(q)]
#else
    :: NR(x)==1 -> if :: id[LOC(q)]==x -> s=rp; id[LOC(q)]=MK(TG(x),1,s); rp=IX(x); x=0; perm();
                         G(W>=(q+1)*K); eg=gk[LOC(q)]; ee=ge[LOC(q)]
                      :: else -> CV(5,1); goto get fi
#endif
    RC fi }
#ifdef FAULT_CONSUME_BEFORE_READ
  R=q+1;
#endif
  verify();
#ifdef INPLACE
  atomic { if :: skip RC fi; verify() }
  atomic { if :: R=q+1 RC fi };
#else
#ifdef DISCARD
  atomic { if :: R=q+1; early=1 :: skip RC fi }
#endif
  atomic { if :: skip RC fi;
    verify();
#ifdef FAULT_PUT_PLAIN_STORE
    id[LOC(q)]=MK(TAG(q),1,rp); rp=s; perm()
#else
    if :: id[LOC(q)]==MK(TAG(q),1,s) -> id[LOC(q)]=MK(TAG(q),1,rp); rp=s; perm()
       :: else -> CV(4,1) fi                                          /* the writers moved in: rp is the new spare */
#endif
  }
#ifdef DISCARD
  if :: !early -> atomic { if :: R=q+1 RC fi } :: else fi;
#endif
#endif
  goto rloop;

peek:
  atomic { CNTR; q=lw/K; if :: x=id[LOC(q)] RC fi; 
     if :: (NR(x)==0 && TG(x)==RTAG(q)) || (NR(x)==1 && TG(x)==TAG(q)) :: else -> goto rloop fi }
  ch=hdr[IX(x)];
  c0=sl[IX(x)*K];
  if :: OFF(lw)>1 -> c1=sl[IX(x)*K+1] :: else fi;
#ifndef FAULT_PEEK_NO_RECHECK
  atomic { if :: IX(id[LOC(q)])==IX(x) && ((NR(id[LOC(q)])==0 && TG(id[LOC(q)])==RTAG(q)) || (NR(id[LOC(q)])==1 && TG(id[LOC(q)])==TAG(q)))
              :: else -> CV(6,1); goto rloop fi };
#endif
  d_step { assert(ch==q); assert(c0==q*4+(eg&3)); if :: OFF(lw)>1 -> assert(c1==q*4+((eg>>2)&3)) :: else fi };
  goto rloop;

rnew:                      /* the reader died; its successor finds its page set and puts a held packet back */
  atomic { lw=0; x=0; s=0; c0=0; c1=0; ch=0; eg=0; ee=0; early=0; perm(); q=hdr[rp] }
#ifdef FAULT_SUCCESSOR_KEEPS_ALL    /* the dead reader's page is simply taken as the spare */
  goto rloop;
#endif
  if :: q<N -> goto rloop :: else fi;
  atomic { if :: x=id[LOC(q)] RC fi;
#ifdef FAULT_SUCCESSOR_PUTS_ALL     /* it is put back without a look at the lap */
    if :: NR(x)==1 :: else -> goto rloop fi }
#else
    if :: x==MK(TAG(q),1,IX(x)) :: else -> goto rloop fi }
#endif
  atomic { if :: id[LOC(q)]==x -> s=IX(x); id[LOC(q)]=MK(TAG(q),1,rp); rp=s; perm(); CV(3,1) :: id[LOC(q)]!=x RC fi };
  goto rloop;
rstop: skip
}

#ifdef LOOKER
/* A second reader that may only read (and so never claims): Peek of the open sub-buffer, and a validated copy of a passed one,
 * while the first one may hold any of them: then a location shows a valid word over the stale bytes of the spare. */
proctype Looker() {
  byte lw, q, x, c0, c1, ch, eg, ee, ces, cet; bit open;
lloop:
  atomic { lw=0; q=0; x=0; c0=0; c1=0; ch=0; eg=0; ee=0; ces=0; cet=0; open=0;
    lw=W; q=lw/K;
    if
    :: OFF(lw)!=0 -> open=1
    :: q>N -> q--; do :: q>N && q+N>lw/K -> q-- :: break od
    :: else -> goto lloop
    fi;
    eg=gk[LOC(q)]; ee=ge[LOC(q)] }
  atomic { x=id[LOC(q)];
    if :: TG(x)==TAG(q) -> x=x&(255-4) :: else -> goto lloop fi }     /* NOREF or not */
  ch=hdr[IX(x)];
  c0=sl[IX(x)*K];
  if :: !open || OFF(lw)>1 -> c1=sl[IX(x)*K+1] :: else fi;
  if :: !open -> atomic { ces=es[IX(x)]; cet=et[IX(x)] } :: else fi;
#ifndef FAULT_LOOK_NO_RECHECK
  atomic { if :: (id[LOC(q)]&(255-4))==x :: else -> goto lloop fi };  /* lap and index */
#endif
#ifndef FAULT_LOOK_NO_HEADER_CHECK
  if :: ch!=q -> CV(13,open); CV(14,!open); goto lloop :: else fi;     /* the spare of who holds it */
#endif
  d_step {
    assert(ch==q);
    if
    :: open -> assert(c0==q*4+(eg&3)); if :: OFF(lw)>1 -> assert(c1==q*4+((eg>>2)&3)) :: else fi
    :: else -> assert(c0==q*4+(eg&3) && (((eg>>2)&3)==0 || c1==q*4+((eg>>2)&3)) && cet==ee && ces==(((eg>>2)&3)==0 -> 1 : 2))
    fi };
  CV(15,open); CV(16,!open);
  goto lloop
}
#endif

#ifdef SOLO
proctype Freeze() { atomic { if :: solo=1 :: solo=NW+1 fi } }   /* writers are symmetric */
#endif

init { atomic {
  id[0]=MK(0,1,0); id[1]=MK(0,1,1);
#if N>2
  id[2]=MK(0,1,2);
#endif
  run Writer(1);
#if NW>1
  run Writer(2);
#endif
#if NW>2
  run Writer(3);
#endif
  run Reader();
#ifdef LOOKER
  run Looker();
#endif
#ifdef SOLO
  run Freeze()
#endif
} }

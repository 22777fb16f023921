/* Incremental marking with the marker as a process of its own: mutator, marker
 * and the pauses of minor collections interleave in every way.
 *
 * The heap has OLD places of old space for an object each, one of young space,
 * and two roots. An object has one slot, or bytes where a slot was. The first
 * CANDIDATES places are blocks, and cards, of their own, which every cycle
 * evacuates; the other old places share a block and a card.
 *
 * What a process does up to the next load or store that meets another's is one
 * step. Only pauses look at cards and noted roots; items and records are the
 * marker's and the pauses', and so are marks, but for those that objects are
 * born with; a pause begins at a safepoint of the mutator and between two
 * objects of the marker. So a store and its barrier are one step of the
 * mutator, and the loads of an object's header and of its slot are one each of
 * the marker.
 *
 * tests/promela/run searches all states of several configurations, and shows
 * that the claims find faults: each name with M_ is that of a mutant.
 *
 * Design: docs/design/incremental_marking.md, and there what is left out.
 */

/* Configurations define OLD, CANDIDATES and of these
 *   WITH_YOUNG        there are young objects
 *   WITH_BYTES        some objects have bytes, or lose their slot
 *   MARKS_IN_A_PAUSE  all is marked in the pause in which a cycle starts
 */
#ifndef OLD
#define OLD 3
#define CANDIDATES 1
#define WITH_YOUNG
#define WITH_BYTES
#endif

/* Places and roots; the number of a place is also a reference to it. */
#define YOUNG OLD
#define HANDLE (OLD + 1) /* A root that every pause visits. */
#define CHUNK (OLD + 2)  /* A root of a chunk, visited if it is noted. */
#define PLACES (OLD + 3)
/* What a slot may have that is no reference. */
#define NONE 8
#define BYTES 9 /* It is no slot: bytes of an object, or free memory. */

#define IS_OLD(value) ((value) < OLD)
#define CARD(place) ((place) < CANDIDATES -> (place) : CANDIDATES)

/* Sets are bits of a byte, so OLD is 5 at most. NONE and BYTES are in none. */
#define HAS(set, place) (((set) >> (place)) & 1)
#define ADD(set, place) set = set | (1 << (place))
#define REMOVE(set, place) set = set & ~(1 << (place))

byte slot[PLACES];
byte live;  /* The live bitmap; with the young object. */
byte dirty; /* Cards. */
bool noted; /* The chunk of roots is. */

bool marking;
byte marked;          /* The mark bitmap. */
byte items;           /* Of the marker: what it has still to look at. */
byte scanning = NONE; /* What it has in its hands: marked, not yet read. */

byte candidates;           /* That wait to be evacuated. */
byte recorded[CANDIDATES]; /* Slots into each. */
byte vacated;              /* Evacuated, and in use while a candidate waits. */
bool relaid;               /* An object changed its layout in this cycle. */

/* Of a pause. */
byte set;      /* The collection set, but for the young object. */
bool promotes; /* The young object, if it is alive. */

/* Variables of a single step, which are no part of the state. */
hidden byte p, q, c, round;
hidden byte visited;     /* Places whose slots are. */
hidden byte moved;       /* What of young space and of the set is reached, */
hidden byte to[OLD + 1]; /* and where it goes. */

/* What build/promela/NAME/show-trail prints of a step. Slots are those of old
 * places, of the young one and of roots; sets are hexadecimal. */
inline print_state() {
  printf(" slots %d %d %d %d, %d, %d %d", slot[0], slot[1], slot[2],
         slot[OLD - 1], slot[YOUNG], slot[HANDLE], slot[CHUNK]);
  printf(" live %x dirty %x noted %d", live, dirty, noted);
  printf(" marking %d marked %x items %x", marking, marked, items);
  printf(" scanning %d candidates %x", scanning, candidates);
  printf(" recorded %x %x", recorded[0], recorded[CANDIDATES - 1]);
  printf(" vacated %x relaid %d\n", vacated, relaid)
}

/* ---- Claims */

hidden byte nothing_is_lost, it_is_a_slot, nothing_is_hidden,
    slots_are_recorded;

/* After every pause: what roots and objects refer to is there, and the next
 * pause meets each slot that refers to the young object. */
inline claim_nothing_is_lost() {
  nothing_is_lost = true;
  for (p : 0 .. PLACES - 1) {
    if
    :: (HAS(live, p) || p > YOUNG) && slot[p] <= YOUNG ->
       if
       :: !HAS(live, slot[p]) -> nothing_is_lost = false
       :: slot[p] == YOUNG && IS_OLD(p) && !HAS(dirty, CARD(p)) ->
          nothing_is_lost = false
       :: slot[p] == YOUNG && p == CHUNK && !noted -> nothing_is_lost = false
       :: else
       fi
    :: else
    fi
  }
  assert(nothing_is_lost)
}

/* What the marker reads as a slot is one, and so is a recorded slot that is
 * followed [im.stale]: anything else would be read, or written, in the midst of
 * bytes. */
inline claim_it_is_a_slot(place) {
  it_is_a_slot = slot[place] != BYTES;
  assert(it_is_a_slot)
}

/* Before a pause, while a cycle marks: what a marked object or a resting root
 * refers to is marked or an item, unless the slot is on a dirty card. It is
 * what makes [im.hidden] true, as a path to what is not marked must leave what
 * is marked somewhere. */
inline claim_nothing_is_hidden() {
  nothing_is_hidden = true;
  for (p : 0 .. OLD - 1) {
    if
    :: HAS(marked, p) && !HAS(dirty, CARD(p)) && IS_OLD(slot[p]) &&
       !HAS(marked | items, slot[p]) -> nothing_is_hidden = false
    :: else
    fi
  }
  if
  :: !noted && IS_OLD(slot[CHUNK]) && !HAS(marked | items, slot[CHUNK]) ->
     nothing_is_hidden = false
  :: else
  fi;
  assert(nothing_is_hidden)
}

/* Before a pause, after marking: a slot that refers into a candidate is
 * recorded or on a dirty card [im.recorded], or a root that is visited. */
inline claim_slots_are_recorded() {
  slots_are_recorded = noted || !HAS(candidates, slot[CHUNK]);
  for (p : 0 .. OLD - 1) {
    if
    :: HAS(live, p) && HAS(candidates, slot[p]) && !HAS(dirty, CARD(p)) &&
       !HAS(recorded[slot[p]], p) -> slots_are_recorded = false
    :: else
    fi
  }
  assert(slots_are_recorded)
}

inline claims_before_a_pause() {
  if
  :: marking -> claim_nothing_is_hidden()
  :: !marking && candidates != 0 -> claim_slots_are_recorded()
  :: else
  fi
}

/* ---- What several use */

/* What makes the barrier dirty a card. */
#if defined(M_FILTER_STAYS_NARROW)
#define IN_FILTER(value) ((value) == YOUNG)
#elif defined(M_FILTER_IS_NARROW_AFTER_MARKING)
#define IN_FILTER(value) ((value) == YOUNG || (IS_OLD(value) && marking))
#else
#define IN_FILTER(value) \
  ((value) == YOUNG || (IS_OLD(value) && (marking || candidates != 0)))
#endif

/* The lowest free place, or OLD. Objects that die make others the lowest, so
 * that to choose among them would add states and nothing else. */
inline choose_free(place) {
  place = 0;
  do
  :: IS_OLD(place) && HAS(live | vacated | set, place) -> place++
#ifndef M_CANDIDATE_IS_ALLOCATED_INTO
  :: IS_OLD(place) && HAS(candidates, place) -> place++
#endif
  :: else -> break
  od
}

/* Items are appended without a test, and dropped if they are marked. That is
 * left out here: it makes no difference but for the number of states. */
inline append(value) {
  if
  :: IS_OLD(value) && !HAS(marked, value) -> ADD(items, value)
  :: else
  fi
}

inline record(place, value) {
  if
  :: HAS(candidates, value) -> ADD(recorded[value], place)
  :: else
  fi
}

/* ---- Mutator */

inline write(object, value) {
  slot[object] = value;
  if
  :: IS_OLD(object) && IN_FILTER(slot[object]) -> ADD(dirty, CARD(object))
  :: else
  fi
}

inline write_root(root, value) {
  slot[root] = value;
  if
  :: root == CHUNK && IN_FILTER(slot[root]) -> noted = true
  :: else
  fi
}

/* Makes an object that is born old, and stores its first value without a
 * barrier. Those that follow until the next safepoint find a dirty card. */
inline allocate_old(root, value) {
  choose_free(q);
  if
  :: IS_OLD(q) ->
     ADD(live, q);
     slot[q] = value;
     if :: marking -> ADD(marked, q) :: else fi;
     if
     :: slot[q] == BYTES
#ifdef M_FIRST_STORES_OF_BORN_OLD_ARE_MISSED
     :: marking
#endif
     :: else -> ADD(dirty, CARD(q))
     fi;
     write_root(root, q)
  :: else
  fi
}

/* A slot becomes bytes by ChangeLayout(). With steps in a stopped world the
 * marker is never between an object's header and its slot then; a marker in a
 * thread of its own has to see to that. */
#ifdef M_LAYOUT_CHANGES_UNDER_THE_MARKER
#define MAY_CHANGE_LAYOUT(object) true
#else
#define MAY_CHANGE_LAYOUT(object) ((object) != scanning)
#endif

/* What it has at a safepoint is in the roots. */
proctype Mutator() {
  byte a, b; /* The roots, in either order. */
  do
  :: atomic {
       if
       :: a = HANDLE; b = CHUNK
       :: a = CHUNK; b = HANDLE
       fi;
       if
       :: d_step { slot[a] != NONE -> slot[a] = NONE }
       :: d_step { slot[b] != NONE -> write_root(a, slot[b]) }
       :: d_step { slot[b] != NONE && slot[slot[b]] != BYTES ->
            write_root(a, slot[slot[b]]) }
       :: d_step { slot[a] != NONE && slot[slot[a]] != BYTES ->
            p = slot[a]; write(p, slot[b]) }
       :: d_step { allocate_old(a, slot[b]) }
#ifdef WITH_YOUNG
       :: d_step { !HAS(live, YOUNG) ->
            ADD(live, YOUNG); slot[YOUNG] = NONE; write_root(a, YOUNG) }
#endif
#ifdef WITH_BYTES
       :: d_step { allocate_old(a, BYTES) }
       :: d_step { IS_OLD(slot[a]) && slot[slot[a]] != BYTES &&
            MAY_CHANGE_LAYOUT(slot[a]) ->
            p = slot[a]; slot[p] = BYTES;
            relaid = marking || candidates != 0 }
#endif
       fi;
       d_step { a = 0; b = 0; printf("mutator"); print_state() }
     }
  od
}

/* ---- Marker */

proctype Marker() {
  byte o;
  do
  :: atomic { items != 0 && scanning == NONE ->
       /* Any item: how they are ordered must not matter. */
       do
       :: HAS(items, o) -> break
       :: (items >> o) > 1 -> o++
       od;
       d_step {
         REMOVE(items, o);
         ADD(marked, o);
         if :: slot[o] != BYTES -> scanning = o :: else fi; /* Its header. */
         o = 0;
         printf("marker "); print_state()
       }
     }
  :: d_step { scanning != NONE ->
       claim_it_is_a_slot(scanning);
#ifndef M_CANDIDATES_SLOT_IS_NOT_RECORDED
       record(scanning, slot[scanning]);
#endif
       append(slot[scanning]);
       scanning = NONE;
       printf("marker "); print_state() }
  od
}

/* ---- Pauses */

/* Visits slots recorded for blocks of the set. */
inline visit_recorded() {
  for (c : 0 .. CANDIDATES - 1) {
    for (p : 0 .. OLD - 1) {
      if
      :: !HAS(set, c) || !HAS(recorded[c], p)
#ifndef M_SLOT_OF_AN_EVACUATED_OBJECT_IS_WRITTEN
      :: HAS(set | vacated, p)
#endif
#ifndef M_STALE_RECORDED_SLOT_IS_FOLLOWED
      :: relaid && (!HAS(live, p) || slot[p] == BYTES)
#endif
      :: else -> claim_it_is_a_slot(p); ADD(visited, p)
      fi
    }
  }
}

inline visit_roots_and_cards(all_roots) {
  visited = 1 << HANDLE;
  if :: noted || all_roots -> ADD(visited, CHUNK) :: else fi;
  for (p : 0 .. OLD - 1) {
    if
    :: HAS(live & ~set, p) && HAS(dirty, CARD(p)) -> ADD(visited, p)
    :: else
    fi
  }
}

/* What moves is scanned, so a slot of it may reach more that moves. */
inline close() {
  moved = 0;
  for (round : 0 .. CANDIDATES) {
    for (p : 0 .. PLACES - 1) {
      if
      :: HAS(visited, p) && HAS(set | 1 << YOUNG, slot[p]) ->
         ADD(moved, slot[p]);
         ADD(visited, slot[p])
      :: else
      fi
    }
  }
}

/* An object for which there is no place is kept where it is. */
inline choose_destinations() {
  for (p : 0 .. YOUNG) {
    to[p] = p;
    if
    :: HAS(moved, p) && (p != YOUNG || promotes) ->
       choose_free(q);
       if :: IS_OLD(q) -> to[p] = q; ADD(live, q) :: else fi
    :: else
    fi
  }
}

/* What the cycle learns of a slot that is visited at `from` and will be at
 * `place`. Of an object on a dirty card that is not marked it learns nothing:
 * if it is not dead it will be scanned when it is marked. */
inline tell(from, place) {
  if
#ifndef M_DEAD_NEIGHBOUR_IS_SCANNED
  :: IS_OLD(from) && marking && !HAS(marked, from)
#endif
#ifdef M_PROMOTED_OBJECT_IS_NOT_SCANNED
  :: from == YOUNG && IS_OLD(place)
#endif
  :: else ->
     if
#ifdef M_CARD_IS_CLEANED_WITHOUT_GREYING
     :: IS_OLD(from)
#endif
#ifdef M_OLD_TARGETS_ARE_NOT_HANDED_OVER
     :: !IS_OLD(from)
#endif
     :: !marking
     :: else -> append(slot[from])
     fi;
#ifndef M_PROMOTED_SLOT_IS_NOT_RECORDED
     if :: IS_OLD(place) -> record(place, slot[from]) :: else fi
#endif
  fi
}

inline tell_all() {
  for (p : 0 .. PLACES - 1) {
    if
    :: HAS(visited, p) && p <= YOUNG -> tell(p, to[p])
    :: HAS(visited, p) && p > YOUNG -> tell(p, p)
    :: else
    fi
  }
}

inline move() {
  for (p : 0 .. YOUNG) {
    if
    :: to[p] != p ->
       q = to[p];
       slot[q] = slot[p];
       REMOVE(visited, p);
       ADD(visited, q);
#ifndef M_PROMOTED_OBJECT_IS_NOT_MARKED
       if :: marking -> ADD(marked, q) :: else fi
#endif
    :: else
    fi
  }
}

/* Every dirty card was taken, and is dirty again while a slot on it refers to
 * the young object. */
inline update() {
  dirty = 0;
  for (p : 0 .. PLACES - 1) {
    if
    :: HAS(visited, p) ->
       q = slot[p];
       if :: HAS(moved, q) -> slot[p] = to[q] :: else fi;
       if
       :: IS_OLD(p) && slot[p] == YOUNG -> ADD(dirty, CARD(p))
       :: else
       fi
    :: else
    fi
  }
}

inline forget_candidates() {
  candidates = 0;
  for (c : 0 .. CANDIDATES - 1) {
    recorded[c] = 0
  }
  vacated = 0;
  relaid = false
}

inline release() {
  if
  :: HAS(moved, YOUNG) && to[YOUNG] == YOUNG
  :: else -> REMOVE(live, YOUNG); slot[YOUNG] = NONE
  fi;
  for (c : 0 .. CANDIDATES - 1) {
    if
    :: !HAS(set, c)
    :: HAS(set, c) && HAS(moved, c) && to[c] == c
    :: else ->
       REMOVE(live, c);
       slot[c] = BYTES;
#ifndef M_VACATED_BLOCK_IS_REUSED_AT_ONCE
       ADD(vacated, c)
#endif
    fi
  }
  set = 0;
  promotes = false;
  if :: !marking && candidates == 0 -> forget_candidates() :: else fi
}

/* A root rests when no pause needs it: it refers neither to the young object
 * nor into a candidate. */
inline rest() {
  noted = slot[CHUNK] == YOUNG || HAS(candidates, slot[CHUNK])
}

/* Which pause it is shows by `marking` and `set`. */
inline minor(all_roots) {
  visit_roots_and_cards(all_roots);
  visit_recorded();
  close();
  choose_destinations();
  tell_all();
  move();
  update();
  release();
  if
  :: !noted && !all_roots
#ifdef M_RESTING_ROOTS_ARE_NOT_NOTED
  :: !noted && all_roots
#endif
  :: else -> rest()
  fi
}

inline start() {
  forget_candidates();
  candidates = (1 << CANDIDATES) - 1;
  marking = true;
#ifdef M_ROOT_CHUNK_IS_SKIPPED_AT_THE_START
  minor(false)
#else
  minor(true)
#endif
}

inline end_marking() {
  marking = false;
  marked = 0;
  items = 0
}

inline mark_the_rest() {
  for (round : 1 .. OLD) {
    for (p : 0 .. OLD - 1) {
      if
      :: HAS(items, p) ->
         REMOVE(items, p);
         ADD(marked, p);
         record(p, slot[p]);
         append(slot[p])
      :: else
      fi
    }
  }
}

inline finish() {
  minor(false);
#ifndef M_LIVE_IS_SWITCHED_EARLY
  mark_the_rest();
#endif
  live = marked | (live & (1 << YOUNG));
  end_marking();
  for (p : 0 .. OLD - 1) {
    if :: !HAS(live, p) -> slot[p] = BYTES :: else fi
  }
}

proctype Pauses() {
  byte o;
  do
  :: atomic { scanning == NONE ->
       d_step { claims_before_a_pause() };
       if
       :: HAS(live, YOUNG) -> promotes = true
       :: promotes = false
       fi;
       /* Of the candidates some join the set, some are dropped, and the others
        * go on waiting. */
       do
       :: o < CANDIDATES && HAS(candidates, o) && !marking ->
          REMOVE(candidates, o); ADD(set, o); o++
       :: o < CANDIDATES && HAS(candidates, o) && !marking ->
          REMOVE(candidates, o); recorded[o] = 0; o++
       :: o < CANDIDATES -> o++
       :: o == CANDIDATES -> break
       od;
       o = 0;
       if
       :: d_step { minor(false); claim_nothing_is_lost() }
       :: d_step { !marking && (candidates | set) == 0 ->
            start(); claim_nothing_is_lost();
#ifdef MARKS_IN_A_PAUSE
            finish(); claim_nothing_is_lost()
#endif
          }
       :: d_step { marking -> finish(); claim_nothing_is_lost() }
       /* Abandoned, by a collection that stops the world. */
       :: d_step { set == 0 && (marking || candidates != 0) ->
            end_marking(); forget_candidates(); promotes = false }
       fi;
       d_step { printf("pause  "); print_state() }
     }
  od
}

init {
  atomic {
    d_step {
      for (p : 0 .. PLACES - 1) {
        slot[p] = (p < OLD -> BYTES : NONE)
      }
    }
    run Mutator();
    run Marker();
    run Pauses()
  }
}

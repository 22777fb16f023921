// Collection: what one collection was, why it ran, how long and with what
// result. The vocabulary of Collect(), of events, traces and reports.
//
// Design: docs/design/events.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fledge::gc {

enum class CollectionKind : std::uint8_t {
  kMinor,  // Of the young space.
  kMajor,  // Of the whole heap.
};

enum class CollectionReason : std::uint8_t {
  kNurseryFull,  // The usual minor collection.
  kHeapGrowth,   // Old space passed the size that the pacer gave it.
  kLargeObject,  // An object that is born old would have.
  kCopyFailed,   // The last collection had to keep objects in place.
  kOutOfMemory,  // An allocation found no memory: the last attempts.
  kRequested,    // Collect() by the embedder.
  kStress,       // The stress specification.
  kSparse,       // The major one just before left blocks with little in them.
  kExternal,     // What objects own outside the heap grew.
};
inline constexpr std::size_t kCollectionReasonCount = 9;

// Why the nursery has the size that it has until the next collection.
enum class NurseryReason : std::uint8_t {
  kFixed,        // An option says so, or stress or the verifier runs.
  kSteady,       // Nothing speaks for another.
  kPauseTarget,  // Halved: a pause was longer than its target.
  kPauseRoom,    // Doubled up to the cache: the pause target allows it.
  kCopying,      // Doubled: copying takes much of the time.
  kIdle,         // Halved down to the cache: collections take little of it.
  kFutile,       // Cache size: at its largest, nearly all survived.
  kSmallHeap,    // Reduced: more than old space is worth.
  kCycle,        // Another, as a cycle of marking in steps began or ended.
};
inline constexpr std::size_t kNurseryReasonCount = 9;

// Why objects are promoted after as many collections as they are.
enum class TenuringReason : std::uint8_t {
  kFixed,      // An option says so.
  kSteady,     // Nothing speaks for another threshold.
  kNearlyAll,  // 1: nearly all of the nursery survived.
  kFew,        // 3: hardly anything did.
  kUsual,      // 2: neither any longer.
};
inline constexpr std::size_t kTenuringReasonCount = 5;

// Why the next objects are born young, or old.
enum class PretenuringReason : std::uint8_t {
  kFixed,      // An option says so.
  kSteady,     // As before.
  kNearlyAll,  // Old: nearly all of the nursery was promoted, for long.
  kProbe,      // Young: to see whether that is still so.
  kFewer,      // Young: it no longer is.
};
inline constexpr std::size_t kPretenuringReasonCount = 5;

// Why the next major collection comes when it does.
enum class PaceReason : std::uint8_t {
  kFixed,    // An option says so, or stress or the verifier runs.
  kLeast,    // Old space may always grow by so much.
  kBalance,  // The rule in gc/pacer.h.
  kTwice,    // Old space may double at most.
  kLimit,    // The heap's limit is near.
};
inline constexpr std::size_t kPaceReasonCount = 5;

// The parts of a pause, in the order in which they run.
enum class Phase : std::uint8_t {
  kPrepare,  // Choosing the collection set, flipping spaces.
  kRoots,    // Handles, persistents, root ranges, pins.
  kCards,    // Dirty cards of dirty blocks.
  kTrace,    // Evacuation and marking until nothing is left.
  kWeak,     // Weak processing.
  kSweep,    // Finding free and sparse blocks, freeing large objects.
  kFinish,   // Root chunks and sources, derived slots.
};
inline constexpr std::size_t kPhaseCount = 7;

// What a minor collection does for a major one that marks in steps.
enum class CyclePart : std::uint8_t {
  kNone,      // None is under way.
  kStart,     // Begins one: visits every root.
  kRemark,    // Hands the marker what mutators may have hidden from it.
  kFinish,    // The same, and ends the marking.
  kEvacuate,  // Evacuates some of the blocks that the cycle chose.
};
inline constexpr std::size_t kCyclePartCount = 5;

std::string_view NameOf(CollectionKind kind);
std::string_view NameOf(CollectionReason reason);
std::string_view NameOf(NurseryReason reason);
std::string_view NameOf(TenuringReason reason);
std::string_view NameOf(PretenuringReason reason);
std::string_view NameOf(PaceReason reason);
std::string_view NameOf(Phase phase);
std::string_view NameOf(CyclePart part);

// One finished collection. Times in nanoseconds of the monotonic clock, sizes
// in bytes.
struct CollectionEvent {
  std::uint64_t number = 0;  // 1 for a heap's first.
  CollectionKind kind = CollectionKind::kMinor;
  CollectionReason reason = CollectionReason::kNurseryFull;
  CyclePart cycle_part = CyclePart::kNone;

  std::int64_t requested_ns = 0;  // When the collector asked to stop.
  std::int64_t start_ns = 0;      // When the last mutator had stopped.
  std::int64_t end_ns = 0;        // When all was done but hearing of it.
  // Of the pause, the part in which the collecting thread was on a processor,
  // which includes what the OS did for it. In the rest it waited for the OS, or
  // for others to leave the processor.
  std::int64_t processor_ns = 0;
  std::array<std::int64_t, kPhaseCount> phase_ns{};

  std::size_t heap_before_bytes = 0;  // Memory in use: blocks and large runs.
  std::size_t heap_after_bytes = 0;
  std::size_t young_before_bytes = 0;  // Of nursery handed out to mutators.
  std::size_t born_old_bytes = 0;      // The same of old space in its place.
  std::size_t survived_bytes = 0;      // Copied within young space.
  std::size_t promoted_bytes = 0;      // Copied from young to old space.
  std::size_t evacuated_bytes = 0;     // Copied within old space.
  std::size_t kept_bytes = 0;          // Kept in place: pinned, copy failed.
  bool copy_failed = false;            // Some of them for lack of memory.
  std::size_t old_after_bytes = 0;     // Of objects in old and large space.
  std::size_t allocated_bytes = 0;     // Since the heap began.
  std::size_t dirty_cards = 0;         // Visited by a minor collection.
  std::size_t root_slots = 0;          // Visited.
  std::size_t tenuring_threshold = 0;  // Survivals until promotion.
  std::size_t nursery_bytes = 0;       // Size until the next collection.
  NurseryReason nursery_reason = NurseryReason::kFixed;
  TenuringReason tenuring_reason = TenuringReason::kFixed;  // Of the next one's
                                                            // threshold.
  bool pretenures = false;  // The next nursery's objects are born old.
  PretenuringReason pretenuring_reason = PretenuringReason::kFixed;
  std::size_t external_bytes = 0;    // Outside the heap, of its objects.
  std::size_t next_major_bytes = 0;  // Of those and old ones: what starts the
                                     // next major collection.
  PaceReason pace_reason = PaceReason::kFixed;

  std::int64_t pause_ns() const { return end_ns - start_ns; }
  std::int64_t time_to_safepoint_ns() const { return start_ns - requested_ns; }
  // Handed out to mutators since the last one.
  std::size_t taken_bytes() const {
    return young_before_bytes + born_old_bytes;
  }
  // Whether all that is reachable was marked, and the rest found dead.
  bool EndsMark() const {
    return kind == CollectionKind::kMajor || cycle_part == CyclePart::kFinish;
  }
};

// One step of marking between collections: a pause too.
struct StepEvent {
  std::int64_t requested_ns = 0;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int64_t processor_ns = 0;  // As of a collection.
  std::size_t marked_bytes = 0;   // Of objects that were scanned.
  std::size_t weak_entries = 0;   // Traced or processed.

  std::int64_t pause_ns() const { return end_ns - start_ns; }
  std::int64_t time_to_safepoint_ns() const { return start_ns - requested_ns; }
};

// Hears of collections and steps. Registered with HeapCore::AddListener().
//
// Threads: called on the collecting thread with the world stopped, so it must
// be quick and must not touch the heap; the event is only valid in the call.
class CollectionListener {
 public:
  virtual ~CollectionListener() = default;
  virtual void OnCollection(const CollectionEvent& event) = 0;
  virtual void OnStep(const StepEvent&) {}
};

}  // namespace fledge::gc

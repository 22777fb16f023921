// WeakSet: references that do not keep what they refer to alive, and what is to
// happen when it dies.
//
// The collector knows nothing of weak maps, finalizers or symbol tables, and
// all of them are weak sets: entries, by index, whose memory is the set's own
// and not the heap's. When everything that is strongly reachable was found, it
// asks each entry twice: Trace() says what the entry keeps alive, such as the
// value of a weak map if the key is alive, and Process() looks which of its
// referents are dead, and takes the others' new addresses.
//
//   class WeakReferences : public gc::WeakSet<Model> {
//     std::uint32_t size() const override { return targets_.size(); }
//     void Process(gc::WeakTrace<Model>& trace, std::uint32_t i) override {
//       if (!trace.Update(&targets_[i])) targets_[i] = Value{};
//     }
//   };
//
// A minor collection asks only the entries that were noted, because they may
// refer to young objects: who stores a reference into an entry calls
// Mutator::NoteWeak() afterwards. Where marking goes in steps, entries are
// asked in steps as well, so that an entry's referent may be dead before the
// entry is processed: who hands one out asks IsDead() first.
//
// A set may have an *owner*, an object of the heap: when that is dead, what its
// entries say counts no more.
//
// Design: docs/design/weak_sets.md.
//
// Threads: called with the world stopped, but Note(), which is the owning
// mutator's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "gc/object_model.h"
#include "gc/root_sources.h"

namespace fledge::gc {

// When a set's dead referents are found, in this order. A weak reference is
// empty before a finalizer sees its target; finalizers are those that may keep
// what they find dead; an entry of a table whose key a finalizer kept alive is
// there as long as the key, and who only hears of deaths is such a table.
enum class WeakPhase : std::uint8_t { kReferences, kFinalizers, kTables };
inline constexpr std::size_t kWeakPhaseCount = 3;

// What an entry can ask while it is traced or processed. Never collects.
template <ObjectModel Model>
class WeakTrace {
 public:
  using Value = typename Model::Value;

  // Keeps what `*slot` refers to alive, and updates it before the pause ends.
  // In Trace(), and in Process() of a finalizer.
  virtual void Keep(Value* slot) = 0;
  // An ephemeron: keeps what `*slot` refers to if `key` is alive. Where it is
  // not known to be yet, the entry's Trace() is called again when it is.
  virtual void KeepIfAlive(Value key, Value* slot) = 0;
  // The same for an entry with many slots, in Trace(): whether `key` is alive.
  // Where it is not known to be yet, the entry's Trace() is called again when
  // it is, so an entry asks for one key at a time, and once.
  virtual bool IsReached(Value key) = 0;
  // In a minor collection (RootScope::kNoted) an entry may leave out slots that
  // it knows to refer to nothing young, or into a block that is to be
  // evacuated, and not to be written since the last one.
  virtual RootScope scope() const = 0;

  // In Process(): whether what `*slot` refers to is alive; then it is updated.
  // An immediate is.
  virtual bool Update(Value* slot) = 0;

 protected:
  ~WeakTrace() = default;
};

template <ObjectModel Model>
class WeakSets;
template <ObjectModel Model, typename Tracing>
class WeakTracing;
template <ObjectModel Model, typename Tracing>
class WeakProcessing;
template <ObjectModel Model>
class WeakCycle;

template <ObjectModel Model>
class WeakSet {
 public:
  using Value = typename Model::Value;

  explicit WeakSet(WeakPhase phase) : phase_(phase) {}
  virtual ~WeakSet() = default;
  WeakSet(const WeakSet&) = delete;
  WeakSet& operator=(const WeakSet&) = delete;

  // Entries are [0, size()). Used or not: those that are not do nothing.
  virtual std::uint32_t size() const = 0;
  // Says what entry `i` keeps alive. Any number of times. An entry that is to
  // keep more than it said is noted, as one that is stored into.
  virtual void Trace(WeakTrace<Model>&, std::uint32_t /*i*/) {}
  // Calls trace.Update() for each slot of entry `i`, also for those it keeps,
  // and drops what is dead. Any number of times, and by the verifier, to whom
  // all is alive: then it changes nothing. Entries keep their indices.
  virtual void Process(WeakTrace<Model>& trace, std::uint32_t i) = 0;
  // Between pauses, after one in which Process() called SettleLater(): does a
  // slice, of some ten microseconds, of what did not belong in the pause, such
  // as freeing what the dead had. Returns whether nothing is left. By any
  // thread that allocates, under locks of the heap: uses neither heap nor
  // mutator.
  virtual bool Settle() { return true; }

  WeakPhase phase() const { return phase_; }
  // The owner, or no reference. Updated by the collector.
  Value owner() const { return owner_; }

  // For the verifier: whether the next minor collection asks entry `i`, if it
  // asks the set.
  bool IsNoted(std::uint32_t i) const {
    return i < is_noted_.size() && is_noted_[i];
  }
  bool is_listed() const { return is_listed_; }

 protected:
  // Whether `value`, a referent of an entry, is dead though the entry was not
  // processed yet: it will be gone then, and until then nobody may have it.
  // False for what the program has by other means. Between pauses; O(1), and a
  // load but where marking has just ended.
  bool IsDead(Value value) const;

  // For a set that moves its entries, between pauses: entry `i` has the index
  // moved[i] from now on, or is gone if that is not an index.
  void RenumberNoted(const std::vector<std::uint32_t>& moved) {
    const std::vector<std::uint32_t> noted = std::exchange(noted_, {});
    is_noted_.assign(moved.size(), false);
    for (const std::uint32_t i : noted) {
      if (moved[i] >= moved.size()) continue;
      is_noted_[moved[i]] = true;
      noted_.push_back(moved[i]);
    }
    NoteRenumbered();
  }
  void SettleLater() { is_settled_ = false; }

 private:
  friend class WeakSets<Model>;
  template <ObjectModel, typename>
  friend class WeakTracing;
  template <ObjectModel, typename>
  friend class WeakProcessing;
  template <ObjectModel>
  friend class WeakCycle;

  void NoteRenumbered();
  void Note(std::uint32_t i) {
    if (is_noted_.size() <= i) is_noted_.resize(size());
    if (is_noted_[i]) return;
    is_noted_[i] = true;
    noted_.push_back(i);
  }

  const WeakPhase phase_;
  Value owner_{};
  bool is_owned_ = false;             // By the heap: its owner's death ends it.
  WeakSets<Model>* sets_ = nullptr;   // The heap's.
  std::size_t position_ = 0;          // Among them.
  std::vector<std::uint32_t> noted_;  // Entries.
  std::vector<bool> is_noted_;        // By entry.
  bool is_listed_ = false;            // Among the noted sets.
  bool is_settled_ = true;

  // In the cycle under way.
  std::uint32_t number_ = 0;    // What waits: the set, and then its entries.
  bool is_renumbered_ = false;  // Since it was last looked at.
  bool is_processed_ = false;
};

}  // namespace fledge::gc

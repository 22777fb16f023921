// WeakEntries: a weak set of each kind that a language may want, for tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gc/heap.h"
#include "gc/weak_set.h"
#include "tests/support/model_traits.h"

namespace fledge {

enum class WeakKind : std::uint8_t {
  kReference,  // Does not keep its key; the value is not used.
  kEphemeron,  // Keeps its value while the key is alive.
  kWeakValue,  // Keeps its key; is there while the value is alive.
  kBothWeak,   // Is there while both are alive.
  kCleanup,    // Keeps its value; says when the key is dead.
  kGuardian,   // Keeps its key, when it was found dead, and says so.
};
inline constexpr WeakKind kWeakKinds[] = {
    WeakKind::kReference, WeakKind::kEphemeron, WeakKind::kWeakValue,
    WeakKind::kBothWeak,  WeakKind::kCleanup,   WeakKind::kGuardian};

template <HasModelTraits M>
class WeakEntries : public gc::WeakSet<M> {
 public:
  using Value = typename M::Value;

  enum class State : std::uint8_t {
    kUnused,
    kThere,
    kDropped,   // Something it needs was dead.
    kReturned,  // Of a guardian: its key was dead, and is kept.
  };
  struct Entry {
    Value key{};
    Value value{};
    State state = State::kUnused;
  };

  // With so many entries that are not used.
  explicit WeakEntries(WeakKind kind, std::size_t unused = 0)
      : gc::WeakSet<M>(PhaseOf(kind)), kind_(kind), entries_(unused) {}

  // Returns its index.
  std::uint32_t Add(gc::Mutator<M>& mutator, Value key, Value value) {
    entries_.emplace_back();
    const auto i = static_cast<std::uint32_t>(entries_.size() - 1);
    Put(mutator, i, key, value);
    return i;
  }
  // In place of what was there.
  void Put(gc::Mutator<M>& mutator, std::uint32_t i, Value key, Value value) {
    entries_[i] = {key, value, State::kThere};
    mutator.NoteWeak(*this, i, key);
    mutator.NoteWeak(*this, i, value);
  }
  void SetValue(gc::Mutator<M>& mutator, std::uint32_t i, Value value) {
    entries_[i].value = value;
    mutator.NoteWeak(*this, i, value);
  }
  void Remove(std::uint32_t i) { entries_[i] = {}; }

  WeakKind kind() const { return kind_; }
  const Entry& operator[](std::uint32_t i) const { return entries_[i]; }
  bool IsThere(std::uint32_t i) const {
    return entries_[i].state == State::kThere && !IsDying(i);
  }
  // Whether the collector is about to drop it.
  bool IsDying(std::uint32_t i) const {
    const Entry& entry = entries_[i];
    return entry.state == State::kThere &&
           (this->IsDead(entry.key) || this->IsDead(entry.value));
  }
  // How often any entry was processed.
  std::size_t processed() const { return processed_; }

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(entries_.size());
  }

  void Trace(gc::WeakTrace<M>& trace, std::uint32_t i) override {
    Entry& entry = entries_[i];
    if (entry.state == State::kReturned) trace.Keep(&entry.key);
    if (entry.state == State::kUnused) return;
    switch (kind_) {
      case WeakKind::kEphemeron:
        if (entry.state == State::kThere) {
          trace.KeepIfAlive(entry.key, &entry.value);
        }
        return;
      case WeakKind::kWeakValue:
        if (entry.state == State::kThere) trace.Keep(&entry.key);
        return;
      case WeakKind::kCleanup:
        trace.Keep(&entry.value);
        return;
      default:
        return;
    }
  }

  void Process(gc::WeakTrace<M>& trace, std::uint32_t i) override {
    ++processed_;
    Entry& entry = entries_[i];
    if (entry.state == State::kUnused) return;
    switch (kind_) {
      case WeakKind::kReference:
      case WeakKind::kEphemeron:
        if (!trace.Update(&entry.key)) return Drop(entry);
        if (kind_ == WeakKind::kEphemeron) trace.Update(&entry.value);
        return;
      case WeakKind::kWeakValue:
      case WeakKind::kBothWeak:
        if (!trace.Update(&entry.key) || !trace.Update(&entry.value)) {
          Drop(entry);
        }
        return;
      case WeakKind::kCleanup:
        if (!trace.Update(&entry.key)) {
          entry.key = Value{};
          entry.state = State::kDropped;
        }
        trace.Update(&entry.value);
        return;
      case WeakKind::kGuardian:
        if (!trace.Update(&entry.key)) {
          entry.state = State::kReturned;
          trace.Keep(&entry.key);
        }
        return;
    }
  }

 protected:
  void ReverseEntries() { std::reverse(entries_.begin(), entries_.end()); }

 private:
  static gc::WeakPhase PhaseOf(WeakKind kind) {
    switch (kind) {
      case WeakKind::kReference:
        return gc::WeakPhase::kReferences;
      case WeakKind::kGuardian:
        return gc::WeakPhase::kFinalizers;
      default:
        return gc::WeakPhase::kTables;
    }
  }
  static void Drop(Entry& entry) { entry = {{}, {}, State::kDropped}; }

  const WeakKind kind_;
  std::vector<Entry> entries_;
  std::size_t processed_ = 0;
};

}  // namespace fledge

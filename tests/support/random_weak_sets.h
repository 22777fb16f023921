// RandomWeakSets: weak sets of a random program, and what its shadow knows of
// their entries.
//
// What must be there is exact: an entry whose key is strongly reached. Of any
// other a collection may have run or not, and the shadow learns from the entry
// whether it did; after a major collection none is left.
//
// Threads: one, the program's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/support/graph_comparison.h"
#include "tests/support/model_traits.h"
#include "tests/support/shadow_graph.h"
#include "tests/support/weak_entries.h"

namespace fledge {

template <HasModelTraits M>
class RandomWeakSets {
 public:
  using Value = typename M::Value;
  using Kind = WeakKind;

  // A value and what the shadow knows of it.
  struct Known {
    Value value;
    ShadowEdge edge;
  };

  RandomWeakSets(gc::Heap<M>& heap, gc::Mutator<M>& mutator,
                 ShadowGraph& shadow)
      : mutator_(mutator), shadow_(shadow) {
    for (const Kind kind : kKinds) {
      sets_.push_back(std::make_unique<Set>(heap, kind));
    }
  }

  std::size_t size() const { return mirrors_.size(); }

  // An entry of one of the kinds. REQUIRES: `key` is a reference.
  std::size_t kinds() const { return sets_.size(); }
  void Add(std::size_t of_kind, Known key, Known value) {
    Set& set = *sets_[of_kind];
    const Kind kind = set.entries.kind();
    // Theirs is not used.
    if (kind == Kind::kReference || kind == Kind::kGuardian) {
      value = {ModelTraits<M>::NullValue(), {}};
    }
    const std::uint32_t i = set.entries.Add(mutator_, key.value, value.value);
    mirrors_.push_back({&set, i, key.edge, value.edge});
    TellShadow();
  }
  void Remove(std::size_t at) {
    mirrors_[at].set->entries.Remove(mirrors_[at].entry);
    mirrors_[at] = mirrors_.back();
    mirrors_.pop_back();
    TellShadow();
  }

  // The key of an entry, though nothing else may reach it. REQUIRES: Learn()
  // was called after the last operation that may collect.
  Known KeyOf(std::size_t at) const {
    const Mirror& mirror = mirrors_[at];
    return {EntryOf(mirror).key, mirror.key};
  }

  // Compares what the entries say with the shadow, and forgets those that were
  // dropped. `after_major`: those that nothing keeps must have been. Returns
  // what is wrong.
  std::optional<std::string> Learn(const M& model, bool after_major) {
    shadow_.DropUnreachable();
    for (const Mirror& mirror : mirrors_) {
      if (const auto wrong = Check(model, mirror, after_major)) {
        return "weak entry " + std::to_string(mirror.entry) + " of kind " +
               std::to_string(static_cast<int>(mirror.set->entries.kind())) +
               " for " + ToText(mirror.key) + " " + *wrong;
      }
    }
    std::erase_if(mirrors_, [](const Mirror& mirror) {
      if (mirror.set->entries.IsDying(mirror.entry)) {
        // The collector will drop it, if it can be relied upon; but what it
        // keeps would be kept.
        const bool keeps = mirror.set->entries.kind() == Kind::kCleanup;
        if (keeps) mirror.set->entries.Remove(mirror.entry);
        return true;
      }
      if (EntryOf(mirror).state != State::kDropped) return false;
      mirror.set->entries.Remove(mirror.entry);
      return true;
    });
    for (Mirror& mirror : mirrors_) {
      mirror.is_returned = EntryOf(mirror).state == State::kReturned;
    }
    TellShadow();
    return {};
  }

  // What the entries keep, for a comparison of graphs.
  void AppendKept(std::vector<Value>& values,
                  std::vector<ShadowEdge>& edges) const {
    const auto append = [&](Value value, const ShadowEdge& edge) {
      values.push_back(value);
      edges.push_back(edge);
    };
    for (const Mirror& mirror : mirrors_) {
      const auto& entry = EntryOf(mirror);
      switch (mirror.set->entries.kind()) {
        case Kind::kEphemeron:
          if (shadow_.IsLive(mirror.key)) append(entry.value, mirror.value);
          break;
        case Kind::kCleanup:
          append(entry.value, mirror.value);
          break;
        case Kind::kGuardian:
          append(entry.key, mirror.key);
          break;
        default:
          break;
      }
    }
  }

 private:
  using State = typename WeakEntries<M>::State;

  static constexpr std::array kKinds = {Kind::kReference, Kind::kEphemeron,
                                        Kind::kBothWeak, Kind::kCleanup,
                                        Kind::kGuardian};

  struct Set {
    Set(gc::Heap<M>& heap, Kind kind)
        : entries(kind), registration(heap.RegisterWeakSet(entries)) {}
    WeakEntries<M> entries;
    std::unique_ptr<gc::WeakSet<M>, std::function<void(gc::WeakSet<M>*)>>
        registration;
  };
  struct Mirror {
    Set* set;
    std::uint32_t entry;
    ShadowEdge key;
    ShadowEdge value;
    bool is_returned = false;  // By a guardian, as far as the shadow knows.
  };

  static const typename WeakEntries<M>::Entry& EntryOf(const Mirror& mirror) {
    return mirror.set->entries[mirror.entry];
  }

  std::optional<std::string> Check(const M& model, const Mirror& mirror,
                                   bool after_major) const {
    const auto& entry = EntryOf(mirror);
    const Kind kind = mirror.set->entries.kind();
    // A table has its entry as long as a guardian keeps the key; a cleanup
    // keeps its value.
    const bool is_table = kind == Kind::kEphemeron || kind == Kind::kBothWeak ||
                          kind == Kind::kCleanup;
    const bool must_stay =
        is_table ? shadow_.IsLive(mirror.key) && shadow_.IsLive(mirror.value)
                 : shadow_.IsHeld(mirror.key);
    if (entry.state == State::kDropped ||
        mirror.set->entries.IsDying(mirror.entry)) {
      return must_stay ? std::optional<std::string>("was dropped too early")
                       : std::nullopt;
    }
    if (entry.state == State::kReturned) {
      if (must_stay && !mirror.is_returned) return "was returned too early";
    } else if (after_major && !must_stay) {
      return "was not found dead";
    }
    return GraphComparison<M>(model, shadow_).CheckValue(entry.key, mirror.key);
  }

  // What the entries keep, the shadow is to keep.
  void TellShadow() {
    shadow_.kept().clear();
    shadow_.ephemerons().clear();
    shadow_.guarded().clear();
    shadow_.remembered().clear();
    for (const Mirror& mirror : mirrors_) {
      shadow_.remembered().push_back(mirror.key);
      shadow_.remembered().push_back(mirror.value);
      switch (mirror.set->entries.kind()) {
        case Kind::kEphemeron:
          shadow_.ephemerons().push_back({mirror.key, mirror.value});
          break;
        case Kind::kCleanup:
          shadow_.kept().push_back(mirror.value);
          break;
        case Kind::kGuardian:
          (mirror.is_returned ? shadow_.kept() : shadow_.guarded())
              .push_back(mirror.key);
          break;
        default:
          break;
      }
    }
  }

  gc::Mutator<M>& mutator_;
  ShadowGraph& shadow_;
  std::vector<std::unique_ptr<Set>> sets_;
  std::vector<Mirror> mirrors_;
};

}  // namespace fledge

// GraphComparison: is a heap what its shadow says?
//
// Walks heap and shadow in parallel from the roots. The two agree if every
// slot holds what its edge says, every object has the shape and the payload of
// its node, and objects and nodes correspond one to one: an object that a
// collection copied twice is two objects for one node, and is found.
//
// Nothing of it allocates in the heap or collects, and it knows nothing of the
// collector. A reference that leads to memory that is not mapped is beyond it.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "gc/object_model.h"
#include "tests/support/model_traits.h"
#include "tests/support/shadow_graph.h"

namespace fledge {

template <HasModelTraits M>
class GraphComparison {
 public:
  using Value = typename M::Value;

  // Borrows both.
  GraphComparison(const M& model, const ShadowGraph& shadow)
      : model_(model), shadow_(shadow) {}

  // What is wrong with `value` where `edge` should be, or nothing. Does not
  // look into the object.
  std::optional<std::string> CheckValue(Value value,
                                        const ShadowEdge& edge) const {
    const Address object = Traits::ObjectOf(model_, value);
    const bool good = edge.is_reference() ? object != kNullAddress &&
                                                IsAligned(object, M::kAlignment)
                                          : value == NonReference(edge);
    if (!good) return Mismatch(value, edge);
    if (!edge.is_reference()) return std::nullopt;

    const Address fixed = shadow_.at(edge.target).fixed_address;
    if (fixed != kNullAddress && fixed != object) return Mismatch(value, edge);
    if (model_.IsForwarded(gc::LoadHeader(object))) {
      return Mismatch(value, edge) + ", an object that has moved away";
    }
    // Shape first: it says where an interior reference would point.
    if (Traits::SlotCount(object) != shadow_.at(edge.target).slots.size()) {
      return Mismatch(value, edge) + ", an object of another shape";
    }
    const Value expected = edge.kind == ShadowEdge::Kind::kInterior
                               ? Traits::InteriorReferenceTo(model_, object)
                               : Traits::ReferenceTo(model_, object);
    if (value != expected) return Mismatch(value, edge);
    return std::nullopt;
  }

  // What is wrong with the body of `object` as the object of `node`, or
  // nothing. Does not follow its slots.
  // REQUIRES: CheckValue() found nothing wrong with a reference to it.
  std::optional<std::string> CheckObject(Address object, NodeId node) const {
    const std::span<const std::byte> raw = Traits::Raw(object);
    if (raw.size() < shadow_.at(node).raw_bytes) {
      return std::string("has too few raw bytes");
    }
    if (const auto wrong =
            FirstWrongByte(node, raw, shadow_.at(node).disguise)) {
      return "has a wrong raw byte at " + std::to_string(*wrong);
    }
    if constexpr (Traits::kHasIdentityHash) {
      const auto hash = shadow_.at(node).identity_hash;
      if (hash.has_value() && *hash != Traits::IdentityHash(object)) {
        return std::string("has another identity hash");
      }
    }
    return std::nullopt;
  }

  // The first difference that is reached from `roots`, which belong to the
  // shadow's roots in order, from further values and what they should be, or
  // from the nodes outside the heap; nothing if there is none. O(objects
  // reached).
  std::optional<std::string> FirstDifference(
      std::span<const Value> roots, std::span<const Value> values = {},
      std::span<const ShadowEdge> edges = {}) {
    if (roots.size() != shadow_.roots().size()) {
      return std::string("there is another number of roots");
    }
    for (const NodeId node : shadow_.outside_nodes()) {
      Reach(shadow_.at(node).fixed_address, node, {});
    }
    for (std::size_t i = 0; i < roots.size(); ++i) {
      Compare(roots[i], shadow_.roots()[i], {0, i});
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      Compare(values[i], edges[i], {0, roots.size() + i});
    }
    while (!pending_.empty() && !difference_.has_value()) {
      const auto [object, node] = pending_.back();
      pending_.pop_back();
      if (const auto wrong = CheckObject(object, node)) {
        difference_ = PathTo(node) + ": " + *wrong;
        break;
      }
      const auto& slots = shadow_.at(node).slots;
      for (std::size_t i = 0; i < slots.size(); ++i) {
        Compare(*Traits::Slot(object, i), slots[i], {node, i});
      }
    }
    return difference_;
  }

 private:
  using Traits = ModelTraits<M>;

  // How a node was reached first: from slot `index` of `parent`, or, if that
  // is 0, from root `index`.
  struct Step {
    NodeId parent = 0;
    std::size_t index = 0;
  };
  struct Reached {
    Address object;
    Step step;
  };

  static Value NonReference(const ShadowEdge& edge) {
    return edge.kind == ShadowEdge::Kind::kNull
               ? Traits::NullValue()
               : Traits::Immediate(static_cast<int>(edge.target));
  }

  std::string Mismatch(Value value, const ShadowEdge& edge) const {
    std::ostringstream text;
    text << "holds 0x" << std::hex << value << ", not " << ToText(edge);
    return text.str();
  }

  void Compare(Value value, const ShadowEdge& edge, Step step) {
    if (difference_.has_value()) return;
    if (const auto wrong = CheckValue(value, edge)) {
      difference_ = TextOf(step) + ": " + *wrong;
    } else if (edge.is_reference()) {
      Reach(Traits::ObjectOf(model_, value), edge.target, step);
    }
  }

  void Reach(Address object, NodeId node, Step step) {
    const auto [found, is_new] =
        reached_.try_emplace(node, Reached{object, step});
    if (!is_new) {
      if (found->second.object == object) return;
      difference_ = TextOf(step) + ": is a second object for node " +
                    std::to_string(node) + ", which is also " + PathTo(node);
      return;
    }
    const auto [other, is_first] = node_at_.try_emplace(object, node);
    if (!is_first) {
      difference_ = TextOf(step) + ": node " + std::to_string(node) +
                    " is the same object as " + PathTo(other->second);
      return;
    }
    pending_.push_back({object, node});
  }

  // "root 3 -> slot 1 -> slot 0 (node 12)".
  std::string PathTo(NodeId node) const {
    if (shadow_.at(node).is_outside)
      return "outside node " + std::to_string(node);
    return TextOf(reached_.at(node).step) + " (node " + std::to_string(node) +
           ")";
  }
  std::string TextOf(Step step) const {
    std::string text;
    while (step.parent != 0) {
      text = " -> slot " + std::to_string(step.index) + text;
      if (shadow_.at(step.parent).is_outside) {
        return "outside node " + std::to_string(step.parent) + text;
      }
      step = reached_.at(step.parent).step;
    }
    return "root " + std::to_string(step.index) + text;
  }

  const M& model_;
  const ShadowGraph& shadow_;
  std::unordered_map<NodeId, Reached> reached_;
  std::unordered_map<Address, NodeId> node_at_;
  std::vector<std::pair<Address, NodeId>> pending_;
  std::optional<std::string> difference_;
};

// Compares and, on a difference, fails the test with its path.
template <HasModelTraits M>
void ExpectSameGraph(const M& model, std::span<const typename M::Value> roots,
                     const ShadowGraph& shadow) {
  const auto difference =
      GraphComparison<M>(model, shadow).FirstDifference(roots);
  EXPECT_FALSE(difference.has_value()) << *difference;
}

}  // namespace fledge

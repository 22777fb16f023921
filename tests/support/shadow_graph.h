// ShadowGraph: what a program's objects should be, kept without a collector.
//
// A test does each heap operation twice, on the heap and on the shadow, and
// from time to time has the two compared: tests/support/graph_comparison.h.
// The shadow names objects by number, so that nothing in it moves or dies but
// by DropUnreachable().
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "allocator/base/address.h"

namespace fledge {

// Below, where the node is kept; above 32 bits, how often that place was used
// before, so that no two nodes of a graph ever have the same id. 0 is none.
using NodeId = std::uint64_t;

// What a slot or a root should hold.
struct ShadowEdge {
  enum class Kind : std::uint8_t { kNull, kImmediate, kReference, kInterior };

  static ShadowEdge Null() { return {}; }
  static ShadowEdge Immediate(int number) {
    return {Kind::kImmediate, static_cast<NodeId>(number)};
  }
  static ShadowEdge Reference(NodeId node) { return {Kind::kReference, node}; }
  static ShadowEdge Interior(NodeId node) { return {Kind::kInterior, node}; }

  bool is_reference() const {
    return kind == Kind::kReference || kind == Kind::kInterior;
  }
  bool operator==(const ShadowEdge&) const = default;

  Kind kind = Kind::kNull;
  NodeId target = 0;  // A node's id, or an immediate's number.
};

// "null", "immediate 7", "node 12", "interior of node 12".
std::string ToText(const ShadowEdge& edge);

struct ShadowNode {
  std::vector<ShadowEdge> slots;
  std::size_t raw_bytes = 0;   // As asked for when the object was made.
  std::uint64_t disguise = 0;  // Of its raw bytes, see FillPayload().
  bool is_outside = false;     // An object outside the heap: it never dies.
  // Set for an object that never moves.
  Address fixed_address = kNullAddress;
  // Set once the object was asked for it.
  std::optional<std::uint64_t> identity_hash;
};

// An edge that is there while `key` is reached.
struct ShadowEphemeron {
  ShadowEdge key;
  ShadowEdge value;
};

class ShadowGraph {
 public:
  // A node with null slots.
  NodeId Add(std::size_t slots, std::size_t raw_bytes);
  // A node for the object at `address`, which is outside the heap.
  NodeId AddOutside(Address address, std::size_t slots, std::size_t raw_bytes);

  // REQUIRES: the node is there. Good until the next Add().
  ShadowNode& at(NodeId node);
  const ShadowNode& at(NodeId node) const;

  // The node keeps so many of its slots, and no raw bytes.
  // REQUIRES: it has at least as many.
  void Shrink(NodeId node, std::size_t slots);

  // The nodes outside the heap are roots too, beside these.
  std::vector<ShadowEdge>& roots() { return roots_; }
  const std::vector<ShadowEdge>& roots() const { return roots_; }
  const std::vector<NodeId>& outside_nodes() const { return outside_nodes_; }

  // Weak things. Further roots, edges under a condition, what a guardian would
  // return instead of letting it die, and what a weak reference may lead to
  // until a collection finds it dead.
  std::vector<ShadowEdge>& kept() { return kept_; }
  std::vector<ShadowEphemeron>& ephemerons() { return ephemerons_; }
  std::vector<ShadowEdge>& guarded() { return guarded_; }
  std::vector<ShadowEdge>& remembered() { return remembered_; }

  // Nodes that a collection would keep, as of the last DropUnreachable().
  std::size_t live_size() const { return live_size_; }

  // Forgets the nodes that nothing reaches, not even weakly. O(nodes and
  // edges), times the longest chain of ephemerons.
  void DropUnreachable();
  // As of the last DropUnreachable(): whether an edge leads to a node that is
  // reached without a guardian; or at least by one. Immediates are.
  bool IsHeld(const ShadowEdge& edge) const {
    return LevelOf(edge) == Level::kHeld;
  }
  bool IsLive(const ShadowEdge& edge) const {
    return LevelOf(edge) >= Level::kGuarded;
  }
  // About the bytes that the nodes would take in a heap.
  std::size_t ApproximateBytes() const { return bytes_; }

 private:
  // By what a node is reached.
  enum class Level : std::uint8_t { kNothing, kWeakly, kGuarded, kHeld };

  struct Entry {
    NodeId id = 0;  // 0: unused.
    Level level = Level::kNothing;
    ShadowNode node;
  };

  static std::size_t IndexOf(NodeId node) { return node & 0xffff'ffff; }
  static std::size_t ApproximateBytesOf(const ShadowNode& node) {
    return 32 + 8 * node.slots.size() + node.raw_bytes;
  }
  Level LevelOf(const ShadowEdge& edge) const;
  void Reach(std::span<const ShadowEdge> edges, Level level);
  void Close(Level level);

  std::vector<Entry> entries_ = std::vector<Entry>(1);  // By index, from 1.
  std::vector<NodeId> unused_;  // The ids that their places have next.
  std::size_t live_size_ = 0;
  std::size_t bytes_ = 0;
  std::vector<ShadowEdge> roots_;
  std::vector<ShadowEdge> kept_;
  std::vector<ShadowEphemeron> ephemerons_;
  std::vector<ShadowEdge> guarded_;
  std::vector<ShadowEdge> remembered_;
  std::vector<NodeId> outside_nodes_;
  std::vector<NodeId> pending_;  // Of DropUnreachable().
};

// The raw bytes of a node's object: its id as far as it fits, then bytes that
// follow from it, so that any other content, or another object's, is noticed;
// or words that are all `disguise`, if it is not 0, which may look like
// references.
void FillPayload(NodeId node, std::span<std::byte> raw,
                 std::uint64_t disguise = 0);
// The first byte that is not as FillPayload() left it.
std::optional<std::size_t> FirstWrongByte(NodeId node,
                                          std::span<const std::byte> raw,
                                          std::uint64_t disguise = 0);

}  // namespace fledge

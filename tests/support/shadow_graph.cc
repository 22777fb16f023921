#include "tests/support/shadow_graph.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "allocator/base/check.h"
#include "tests/support/random.h"

namespace fledge {
namespace {

// Eight bytes of the payload of `node`, the `i`-th of them.
std::uint64_t PayloadWord(NodeId node, std::uint64_t disguise, std::size_t i) {
  if (i == 0) return node;
  return disguise != 0 ? disguise : Random(node * 0x1'0000'0001 + i).Next();
}

// Calls visit(offset, expected bytes) for each piece of a payload.
template <typename Visitor>
void VisitPayload(NodeId node, std::uint64_t disguise, std::size_t bytes,
                  Visitor&& visit) {
  for (std::size_t offset = 0; offset < bytes; offset += 8) {
    const std::uint64_t word = PayloadWord(node, disguise, offset / 8);
    std::byte piece[sizeof word];
    std::memcpy(piece, &word, sizeof word);
    visit(offset, std::span<const std::byte>(
                      piece, std::min(sizeof word, bytes - offset)));
  }
}

}  // namespace

std::string ToText(const ShadowEdge& edge) {
  switch (edge.kind) {
    case ShadowEdge::Kind::kNull:
      return "null";
    case ShadowEdge::Kind::kImmediate:
      return "immediate " + std::to_string(edge.target);
    case ShadowEdge::Kind::kReference:
      return "node " + std::to_string(edge.target);
    case ShadowEdge::Kind::kInterior:
      return "interior of node " + std::to_string(edge.target);
  }
  FLEDGE_CHECK(false, "an edge of no kind");
  return {};
}

NodeId ShadowGraph::Add(std::size_t slots, std::size_t raw_bytes) {
  NodeId id = entries_.size();
  if (unused_.empty()) {
    entries_.emplace_back();
  } else {
    id = unused_.back();
    unused_.pop_back();
  }
  Entry& entry = entries_[IndexOf(id)];
  entry.id = id;
  entry.node.slots.resize(slots);
  entry.node.raw_bytes = raw_bytes;
  bytes_ += ApproximateBytesOf(entry.node);
  return id;
}

NodeId ShadowGraph::AddOutside(Address address, std::size_t slots,
                               std::size_t raw_bytes) {
  const NodeId node = Add(slots, raw_bytes);
  at(node).is_outside = true;
  at(node).fixed_address = address;
  outside_nodes_.push_back(node);
  return node;
}

ShadowNode& ShadowGraph::at(NodeId node) {
  return const_cast<ShadowNode&>(std::as_const(*this).at(node));
}

const ShadowNode& ShadowGraph::at(NodeId node) const {
  const std::size_t index = IndexOf(node);
  FLEDGE_CHECK(
      node != 0 && index < entries_.size() && entries_[index].id == node,
      "no such node in the shadow graph");
  return entries_[index].node;
}

ShadowGraph::Level ShadowGraph::LevelOf(const ShadowEdge& edge) const {
  if (!edge.is_reference()) return Level::kHeld;
  const Entry& entry = entries_[IndexOf(edge.target)];
  return entry.id == edge.target ? entry.level : Level::kNothing;
}

void ShadowGraph::Reach(std::span<const ShadowEdge> edges, Level level) {
  for (const ShadowEdge& edge : edges) {
    if (!edge.is_reference()) continue;
    Entry& entry = entries_[IndexOf(edge.target)];
    if (entry.id != edge.target || entry.level >= level) continue;
    entry.level = level;
    pending_.push_back(edge.target);
  }
}

// Reaches all that is reached from what was.
void ShadowGraph::Close(Level level) {
  do {
    while (!pending_.empty()) {
      const NodeId node = pending_.back();
      pending_.pop_back();
      Reach(at(node).slots, level);
    }
    for (const ShadowEphemeron& ephemeron : ephemerons_) {
      if (LevelOf(ephemeron.key) >= level) Reach({&ephemeron.value, 1}, level);
    }
  } while (!pending_.empty());
}

void ShadowGraph::Shrink(NodeId node, std::size_t slots) {
  ShadowNode& shrunk = at(node);
  bytes_ -= ApproximateBytesOf(shrunk);
  shrunk.slots.resize(slots);
  shrunk.raw_bytes = 0;
  bytes_ += ApproximateBytesOf(shrunk);
}

void ShadowGraph::DropUnreachable() {
  for (Entry& entry : entries_) entry.level = Level::kNothing;
  for (const NodeId node : outside_nodes_) {
    const ShadowEdge edge = ShadowEdge::Reference(node);
    Reach({&edge, 1}, Level::kHeld);
  }
  Reach(roots_, Level::kHeld);
  Reach(kept_, Level::kHeld);
  Close(Level::kHeld);
  Reach(guarded_, Level::kGuarded);
  Close(Level::kGuarded);
  live_size_ = static_cast<std::size_t>(std::ranges::count_if(
      entries_,
      [](const Entry& entry) { return entry.level >= Level::kGuarded; }));
  Reach(remembered_, Level::kWeakly);
  Close(Level::kWeakly);
  for (Entry& entry : entries_) {
    if (entry.level != Level::kNothing || entry.id == 0) continue;
    unused_.push_back(entry.id + (NodeId{1} << 32));
    bytes_ -= ApproximateBytesOf(entry.node);
    entry.id = 0;
    entry.node = ShadowNode{};
  }
}

void FillPayload(NodeId node, std::span<std::byte> raw,
                 std::uint64_t disguise) {
  VisitPayload(node, disguise, raw.size(), [&](std::size_t offset, auto piece) {
    std::ranges::copy(piece, raw.begin() + static_cast<std::ptrdiff_t>(offset));
  });
}

std::optional<std::size_t> FirstWrongByte(NodeId node,
                                          std::span<const std::byte> raw,
                                          std::uint64_t disguise) {
  std::optional<std::size_t> wrong;
  VisitPayload(node, disguise, raw.size(), [&](std::size_t offset, auto piece) {
    if (wrong.has_value() ||
        std::memcmp(&raw[offset], piece.data(), piece.size()) == 0) {
      return;
    }
    for (std::size_t i = 0; i < piece.size() && !wrong.has_value(); ++i) {
      if (raw[offset + i] != piece[i]) wrong = offset + i;
    }
  });
  return wrong;
}

}  // namespace fledge

#include "tests/support/shadow_graph.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "allocator/base/check.h"
#include "tests/support/random.h"

namespace fledge {
namespace {

// Eight bytes of the payload of `node`, the `i`-th of them.
std::uint64_t PayloadWord(NodeId node, std::size_t i) {
  return i == 0 ? node : Random(node * 0x1'0000'0001 + i).Next();
}

// Calls visit(offset, expected bytes) for each piece of a payload.
template <typename Visitor>
void VisitPayload(NodeId node, std::size_t bytes, Visitor&& visit) {
  for (std::size_t offset = 0; offset < bytes; offset += 8) {
    const std::uint64_t word = PayloadWord(node, offset / 8);
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
  const NodeId node = next_++;
  nodes_[node] = {.slots = std::vector<ShadowEdge>(slots),
                  .raw_bytes = raw_bytes,
                  .is_outside = false,
                  .fixed_address = kNullAddress,
                  .identity_hash = std::nullopt};
  return node;
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
  const auto found = nodes_.find(node);
  FLEDGE_CHECK(found != nodes_.end(), "no such node in the shadow graph");
  return found->second;
}

void ShadowGraph::DropUnreachable() {
  std::unordered_set<NodeId> reached;
  std::vector<NodeId> pending;
  const auto reach = [&](NodeId node) {
    if (reached.insert(node).second) pending.push_back(node);
  };
  const auto follow = [&](const std::vector<ShadowEdge>& edges) {
    for (const ShadowEdge& edge : edges) {
      if (edge.is_reference()) reach(edge.target);
    }
  };

  for (const NodeId node : outside_nodes_) reach(node);
  follow(roots_);
  while (!pending.empty()) {
    const NodeId node = pending.back();
    pending.pop_back();
    follow(at(node).slots);
  }
  std::erase_if(nodes_, [&](const auto& entry) {
    return !reached.contains(entry.first);
  });
}

std::size_t ShadowGraph::ApproximateBytes() const {
  std::size_t bytes = 0;
  for (const auto& [id, node] : nodes_) {
    bytes += 32 + 8 * node.slots.size() + node.raw_bytes;
  }
  return bytes;
}

void FillPayload(NodeId node, std::span<std::byte> raw) {
  VisitPayload(node, raw.size(), [&](std::size_t offset, auto piece) {
    std::ranges::copy(piece, raw.begin() + static_cast<std::ptrdiff_t>(offset));
  });
}

std::optional<std::size_t> FirstWrongByte(NodeId node,
                                          std::span<const std::byte> raw) {
  std::optional<std::size_t> wrong;
  VisitPayload(node, raw.size(), [&](std::size_t offset, auto piece) {
    if (wrong.has_value()) return;
    for (std::size_t i = 0; i < piece.size() && !wrong.has_value(); ++i) {
      if (raw[offset + i] != piece[i]) wrong = offset + i;
    }
  });
  return wrong;
}

}  // namespace fledge

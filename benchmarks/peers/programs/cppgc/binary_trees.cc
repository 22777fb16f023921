// binary-trees, as in tools/fledge/workloads/binary_trees.cc.
#include <cppgc/garbage-collected.h>
#include <cppgc/member.h>
#include <cppgc/persistent.h>
#include <cppgc/visitor.h>

#include <algorithm>
#include <cstdint>

#include "benchmarks/peers/programs/cppgc/workloads.h"

namespace fledge::peers {
namespace {

using cppgc::AllocationHandle;
using cppgc::MakeGarbageCollected;

constexpr int kLeastDepth = 4;

class Node final : public cppgc::GarbageCollected<Node> {
 public:
  Node(Node* left, Node* right) : left_(left), right_(right) {}

  Node* left() const { return left_.Get(); }
  Node* right() const { return right_.Get(); }

  void Trace(cppgc::Visitor* visitor) const {
    visitor->Trace(left_);
    visitor->Trace(right_);
  }

 private:
  cppgc::Member<Node> left_;
  cppgc::Member<Node> right_;
};

Node* MakeTree(AllocationHandle& heap, int depth) {
  if (depth == 0) return MakeGarbageCollected<Node>(heap, nullptr, nullptr);
  Node* left = MakeTree(heap, depth - 1);
  Node* right = MakeTree(heap, depth - 1);
  return MakeGarbageCollected<Node>(heap, left, right);
}

std::uint64_t CountNodes(const Node* node) {
  if (node->left() == nullptr) return 1;
  return 1 + CountNodes(node->left()) + CountNodes(node->right());
}

}  // namespace

std::string RunBinaryTrees(AllocationHandle& heap, int depth) {
  const int largest = std::max(depth, kLeastDepth + 2);

  std::string checks =
      "checks=" + std::to_string(CountNodes(MakeTree(heap, largest + 1)));
  const cppgc::Persistent<Node> long_lived(MakeTree(heap, largest));
  for (int depth = kLeastDepth; depth <= largest; depth += 2) {
    const int trees = 1 << (largest - depth + kLeastDepth);
    std::uint64_t nodes = 0;
    for (int i = 0; i < trees; ++i) nodes += CountNodes(MakeTree(heap, depth));
    checks += "," + std::to_string(nodes);
  }
  return checks + "," + std::to_string(CountNodes(long_lived.Get()));
}

}  // namespace fledge::peers

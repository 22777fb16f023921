// gcbench, as in tools/fledge/workloads/gcbench.cc.
#include <cppgc/garbage-collected.h>
#include <cppgc/member.h>
#include <cppgc/persistent.h>
#include <cppgc/visitor.h>

#include <vector>

#include "benchmarks/peers/programs/cppgc/workloads.h"

namespace fledge::peers {
namespace {

using cppgc::AllocationHandle;
using cppgc::MakeGarbageCollected;

constexpr int kLeastDepth = 4;

struct Node final : public cppgc::GarbageCollected<Node> {
  Node(Node* left, Node* right) : left(left), right(right) {}

  void Trace(cppgc::Visitor* visitor) const {
    visitor->Trace(left);
    visitor->Trace(right);
  }

  cppgc::Member<Node> left;
  cppgc::Member<Node> right;
  // These do nothing but take room, as in the original.
  int i = 0;
  int j = 0;
};

constexpr int NodesOfDepth(int depth) { return (2 << depth) - 1; }

Node* MakeLeaf(AllocationHandle& heap) {
  return MakeGarbageCollected<Node>(heap, nullptr, nullptr);
}

// Gives `node` children down to `depth` levels below it: top down.
void Populate(AllocationHandle& heap, int depth, Node* node) {
  if (depth == 0) return;
  node->left = MakeLeaf(heap);
  node->right = MakeLeaf(heap);
  Populate(heap, depth - 1, node->left.Get());
  Populate(heap, depth - 1, node->right.Get());
}

// A tree made of its subtrees: bottom up.
Node* MakeTree(AllocationHandle& heap, int depth) {
  if (depth == 0) return MakeLeaf(heap);
  Node* left = MakeTree(heap, depth - 1);
  Node* right = MakeTree(heap, depth - 1);
  return MakeGarbageCollected<Node>(heap, left, right);
}

bool HasChildren(const Node* node) {
  return node->left != nullptr && node->right != nullptr;
}

}  // namespace

std::string RunGcBench(AllocationHandle& heap, int depth, int doubles) {
  const int stretch_depth = depth + 2;

  int whole = HasChildren(MakeTree(heap, stretch_depth));
  const cppgc::Persistent<Node> long_lived(MakeLeaf(heap));
  Populate(heap, depth, long_lived.Get());
  // As cppgc's embedders do with what has no references, off the heap.
  std::vector<double> array(doubles);
  for (int i = 1; i < doubles / 2; ++i) array[i] = 1.0 / i;

  for (int level = kLeastDepth; level <= depth; level += 2) {
    const int trees = 2 * NodesOfDepth(stretch_depth) / NodesOfDepth(level);
    for (int i = 0; i < trees; ++i) {
      Node* tree = MakeLeaf(heap);
      Populate(heap, level, tree);
      whole += HasChildren(tree);
    }
    for (int i = 0; i < trees; ++i) whole += HasChildren(MakeTree(heap, level));
  }

  const int last = doubles / 2 - 1;
  const bool intact =
      HasChildren(long_lived.Get()) && array[last] == 1.0 / last;
  return (intact ? "whole=" : "damaged=") + std::to_string(whole);
}

}  // namespace fledge::peers

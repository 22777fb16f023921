// gcbench, as in tools/fledge/workloads/gcbench.cc.
// Usage: gcbench DEPTH DOUBLES
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "benchmarks/peers/programs/cpp/allocation.h"

namespace {

using fledge::peers::Allocate;
using fledge::peers::AllocateData;
using fledge::peers::Free;
using fledge::peers::kFreesByHand;

constexpr int kLeastDepth = 4;

// The two integers do nothing but take room, as in the original.
struct Node {
  Node* left = nullptr;
  Node* right = nullptr;
  int i = 0;
  int j = 0;
};

constexpr int NodesOfDepth(int depth) { return (2 << depth) - 1; }

Node* MakeNode(Node* left, Node* right) {
  return new (Allocate(sizeof(Node))) Node{left, right};
}

// Gives `node` children down to `depth` levels below it: top down.
void Populate(int depth, Node* node) {
  if (depth == 0) return;
  node->left = MakeNode(nullptr, nullptr);
  node->right = MakeNode(nullptr, nullptr);
  Populate(depth - 1, node->left);
  Populate(depth - 1, node->right);
}

// A tree made of its subtrees: bottom up.
Node* MakeTree(int depth) {
  if (depth == 0) return MakeNode(nullptr, nullptr);
  Node* left = MakeTree(depth - 1);
  Node* right = MakeTree(depth - 1);
  return MakeNode(left, right);
}

bool HasChildren(const Node* node) {
  return node->left != nullptr && node->right != nullptr;
}

void FreeNodes(Node* node) {
  if (node == nullptr) return;
  FreeNodes(node->left);
  FreeNodes(node->right);
  Free(node);
}

int CountIfWholeAndDrop(Node* tree) {
  const bool whole = HasChildren(tree);
  if constexpr (kFreesByHand) FreeNodes(tree);
  return whole ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  fledge::peers::StartAllocation();
  const int long_lived_depth = std::atoi(argv[1]);
  const int doubles = std::atoi(argv[2]);
  const int stretch_depth = long_lived_depth + 2;

  int whole = CountIfWholeAndDrop(MakeTree(stretch_depth));
  Node* long_lived = MakeNode(nullptr, nullptr);
  Populate(long_lived_depth, long_lived);
  auto* array = static_cast<double*>(AllocateData(doubles * sizeof(double)));
  std::fill_n(array, doubles, 0.0);
  for (int i = 1; i < doubles / 2; ++i) array[i] = 1.0 / i;

  for (int depth = kLeastDepth; depth <= long_lived_depth; depth += 2) {
    const int trees = 2 * NodesOfDepth(stretch_depth) / NodesOfDepth(depth);
    for (int i = 0; i < trees; ++i) {
      Node* tree = MakeNode(nullptr, nullptr);
      Populate(depth, tree);
      whole += CountIfWholeAndDrop(tree);
    }
    for (int i = 0; i < trees; ++i) {
      whole += CountIfWholeAndDrop(MakeTree(depth));
    }
  }

  const int last = doubles / 2 - 1;
  if (!HasChildren(long_lived) || array[last] != 1.0 / last) return 1;
  std::printf("whole=%d\n", whole);
}

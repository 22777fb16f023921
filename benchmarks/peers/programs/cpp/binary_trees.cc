// binary-trees, as in tools/fledge/workloads/binary_trees.cc.
// Usage: binary_trees DEPTH
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "benchmarks/peers/programs/cpp/allocation.h"

namespace {

using fledge::peers::Allocate;
using fledge::peers::Free;
using fledge::peers::kFreesByHand;

constexpr int kLeastDepth = 4;

struct Node {
  Node* left;
  Node* right;
};

Node* MakeNode(Node* left, Node* right) {
  return new (Allocate(sizeof(Node))) Node{left, right};
}

Node* MakeTree(int depth) {
  if (depth == 0) return MakeNode(nullptr, nullptr);
  Node* left = MakeTree(depth - 1);
  Node* right = MakeTree(depth - 1);
  return MakeNode(left, right);
}

std::uint64_t CountNodes(const Node* node) {
  if (node->left == nullptr) return 1;
  return 1 + CountNodes(node->left) + CountNodes(node->right);
}

void FreeNodes(Node* node) {
  if (node->left != nullptr) {
    FreeNodes(node->left);
    FreeNodes(node->right);
  }
  Free(node);
}

void DropTree(Node* root) {
  if constexpr (kFreesByHand) FreeNodes(root);
}

std::uint64_t MakeCountAndDrop(int depth) {
  Node* tree = MakeTree(depth);
  const std::uint64_t nodes = CountNodes(tree);
  DropTree(tree);
  return nodes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  fledge::peers::StartAllocation();
  const int largest = std::max(std::atoi(argv[1]), kLeastDepth + 2);

  std::printf("checks=%ju", std::uintmax_t{MakeCountAndDrop(largest + 1)});
  Node* long_lived = MakeTree(largest);
  for (int depth = kLeastDepth; depth <= largest; depth += 2) {
    const int trees = 1 << (largest - depth + kLeastDepth);
    std::uint64_t nodes = 0;
    for (int i = 0; i < trees; ++i) nodes += MakeCountAndDrop(depth);
    std::printf(",%ju", std::uintmax_t{nodes});
  }
  std::printf(",%ju\n", std::uintmax_t{CountNodes(long_lived)});
  DropTree(long_lived);
}

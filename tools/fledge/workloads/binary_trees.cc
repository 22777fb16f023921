// binary-trees: the benchmarks game's test of allocation. Builds and drops
// many small trees beside a large one that stays: most objects die young, and
// those that do not form a deep structure.
//
// Source: H. Boehm's GCBench by way of the Computer Language Benchmarks Game;
// the output is the game's.
#include <cstdint>
#include <string>

#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/workloads.h"

namespace fledge::tools {
namespace {

using runtime::HandleScope;
using runtime::Local;
using runtime::MakePair;
using runtime::Mutator;
using runtime::Pair;
using runtime::Value;

constexpr unsigned kLeastDepth = 4;

constexpr std::uint64_t NodesOfDepth(unsigned depth) {
  return (std::uint64_t{2} << depth) - 1;
}

// How many trees of `depth` are built: fewer of the larger ones, so that all
// depths allocate about the same.
constexpr std::uint64_t TreesOfDepth(unsigned depth, unsigned largest_depth) {
  return std::uint64_t{1} << (largest_depth - depth + kLeastDepth);
}

// In the compiled code a leaf is made where its parent is, without a call.
Value MakeBranch(Mutator& mutator, unsigned depth);

// A tree of pairs; both halves of a leaf are nil.
inline Value MakeTree(Mutator& mutator, unsigned depth) {
  if (depth == 0) return MakePair(mutator, Value::Nil(), Value::Nil());
  return MakeBranch(mutator, depth);
}

// REQUIRES: depth > 0.
Value MakeBranch(Mutator& mutator, unsigned depth) {
  const HandleScope scope(mutator);
  const Local left(mutator, MakeTree(mutator, depth - 1));
  const Value right = MakeTree(mutator, depth - 1);
  return MakePair(mutator, left.get(), right);
}

// The number of its nodes. Does not allocate, so plain values will do.
std::uint64_t CountNodes(Value tree) {
  std::uint64_t nodes = 1;
  for (Pair node(tree); !node.car().IsNil(); node = Pair(node.cdr())) {
    nodes += 1 + CountNodes(node.car());
  }
  return nodes;
}

class BinaryTrees final : public Workload {
 public:
  std::string_view name() const override { return "binary-trees"; }
  std::string_view description() const override {
    return "many short-lived trees beside a long-lived one";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"DEPTH", "20", "6", "depth of the long-lived tree, 4 to 26"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    depth_ = static_cast<unsigned>(reader.Number(kLeastDepth, 26));
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    Mutator& mutator = context.mutator;
    const HandleScope scope(mutator);
    std::string checks;

    const unsigned stretch_depth = depth_ + 1;
    const std::uint64_t stretch_nodes =
        CountNodes(MakeTree(mutator, stretch_depth));
    Note(context, NodesOfDepth(stretch_depth));
    checks += "stretch tree of depth " + std::to_string(stretch_depth) +
              "\t check: " + std::to_string(stretch_nodes) + "\n";

    const Local long_lived(mutator, MakeTree(mutator, depth_));
    Note(context, NodesOfDepth(depth_));

    for (unsigned depth = kLeastDepth; depth <= depth_; depth += 2) {
      const std::uint64_t trees = TreesOfDepth(depth, depth_);
      std::uint64_t nodes = 0;
      for (std::uint64_t i = 0; i < trees; ++i) {
        nodes += CountNodes(MakeTree(mutator, depth));
        Note(context, NodesOfDepth(depth));
      }
      checks += std::to_string(trees) + "\t trees of depth " +
                std::to_string(depth) + "\t check: " + std::to_string(nodes) +
                "\n";
    }

    return checks + "long lived tree of depth " + std::to_string(depth_) +
           "\t check: " + std::to_string(CountNodes(long_lived.get()));
  }

 private:
  static constexpr std::uint64_t kNodesBetweenUpdates = 1 << 18;

  std::uint64_t TotalNodes() const {
    std::uint64_t total = NodesOfDepth(depth_ + 1) + NodesOfDepth(depth_);
    for (unsigned depth = kLeastDepth; depth <= depth_; depth += 2) {
      total += TreesOfDepth(depth, depth_) * NodesOfDepth(depth);
    }
    return total;
  }

  // Counts `nodes` new ones.
  void Note(RunContext& context, std::uint64_t nodes) const {
    const std::uint64_t before = context.allocated_objects;
    context.allocated_objects += nodes;
    if (before / kNodesBetweenUpdates !=
        context.allocated_objects / kNodesBetweenUpdates) {
      context.progress.Update(context.allocated_objects, TotalNodes());
    }
  }

  unsigned depth_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeBinaryTrees() {
  return std::make_unique<BinaryTrees>();
}

}  // namespace fledge::tools

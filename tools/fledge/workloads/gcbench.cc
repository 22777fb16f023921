// gcbench: the classic test of a collector by J. Ellis, P. Kovac and H. Boehm.
// Trees are built from the leaves up, which stores into new objects only, and
// from the root down, which stores into older ones through the barrier, while
// a large tree and a large array stay.
//
// Source: https://hboehm.info/gc/gc_bench.html, with depths greater by two.
#include <cstdint>
#include <cstring>
#include <string>

#include "allocator/base/check.h"
#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/record.h"
#include "tools/fledge/workloads/workloads.h"

namespace fledge::tools {
namespace {

using runtime::Bytes;
using runtime::HandleScope;
using runtime::Local;
using runtime::Mutator;
using runtime::SetItem;
using runtime::Value;
using runtime::Vector;

constexpr unsigned kLeastDepth = 4;
constexpr std::uint64_t kLeastDoubles = 10;

// The fields of a node. The original's two integers, i and j, are the halves
// of one small integer.
enum Field : std::size_t { kLeft, kRight, kIntegers };

constexpr std::uint64_t NodesOfDepth(unsigned depth) {
  return (std::uint64_t{2} << depth) - 1;
}

Value MakeLeaf(Mutator& mutator) {
  return MakeRecord(mutator, Value::Nil(), Value::Nil(),
                    Value::SmallInteger(0));
}

// Gives `node` children down to `depth` levels below it: top down.
void Populate(Mutator& mutator, unsigned depth, Local node) {
  if (depth == 0) return;
  const HandleScope scope(mutator);
  const Local left(mutator, MakeLeaf(mutator));
  SetItem(mutator, Vector(node.get()), kLeft, left.get());
  const Local right(mutator, MakeLeaf(mutator));
  SetItem(mutator, Vector(node.get()), kRight, right.get());
  Populate(mutator, depth - 1, left);
  Populate(mutator, depth - 1, right);
}

// A tree made of its subtrees: bottom up.
Value MakeTree(Mutator& mutator, unsigned depth) {
  if (depth == 0) return MakeLeaf(mutator);
  const HandleScope scope(mutator);
  const Local left(mutator, MakeTree(mutator, depth - 1));
  const Local right(mutator, MakeTree(mutator, depth - 1));
  return MakeRecord(mutator, left, right, Value::SmallInteger(0));
}

bool HasChildren(Value node) {
  return !Vector(node).item(kLeft).IsNil() &&
         !Vector(node).item(kRight).IsNil();
}

// An array of doubles whose first half is 1/i.
Value MakeArray(Mutator& mutator, std::uint64_t count) {
  const Bytes array(runtime::MakeBytes(mutator, count * sizeof(double)));
  for (std::uint64_t i = 1; i < count / 2; ++i) {
    const double reciprocal = 1.0 / static_cast<double>(i);
    std::memcpy(&array.bytes()[i * sizeof(double)], &reciprocal,
                sizeof(double));
  }
  return array.value();
}
bool IsIntact(Bytes array) {
  const std::uint64_t last = array.length() / sizeof(double) / 2 - 1;
  double reciprocal;
  std::memcpy(&reciprocal, &array.bytes()[last * sizeof(double)],
              sizeof(double));
  return reciprocal == 1.0 / static_cast<double>(last);
}

class GcBench final : public Workload {
 public:
  std::string_view name() const override { return "gcbench"; }
  std::string_view description() const override {
    return "trees built top down and bottom up beside a tree and an array";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"DEPTH", "18", "6", "depth of the long-lived tree, 4 to 24"},
            {"DOUBLES", "500000", "10000",
             "length of the long-lived array, 10 to 100000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    depth_ = static_cast<unsigned>(reader.Number(kLeastDepth, 24));
    doubles_ = reader.Number(kLeastDoubles, 100'000'000);
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    Mutator& mutator = context.mutator;
    const HandleScope scope(mutator);
    std::uint64_t sum = 0;

    sum += HasChildren(MakeTree(mutator, StretchDepth()));
    context.allocated_objects += NodesOfDepth(StretchDepth());

    const Local long_lived(mutator, MakeLeaf(mutator));
    Populate(mutator, depth_, long_lived);
    const Local array(mutator, MakeArray(mutator, doubles_));
    context.allocated_objects += NodesOfDepth(depth_) + 1;

    for (unsigned depth = kLeastDepth; depth <= depth_; depth += 2) {
      const std::uint64_t trees = TreesOfDepth(depth);
      for (std::uint64_t i = 0; i < trees; ++i) {
        const HandleScope tree_scope(mutator);
        const Local tree(mutator, MakeLeaf(mutator));
        Populate(mutator, depth, tree);
        sum += HasChildren(tree.get());
        Note(context, depth);
      }
      for (std::uint64_t i = 0; i < trees; ++i) {
        sum += HasChildren(MakeTree(mutator, depth));
        Note(context, depth);
      }
    }

    const bool intact =
        HasChildren(long_lived.get()) && IsIntact(Bytes(array.get()));
    return (intact ? "ok " : "damaged ") + std::to_string(sum);
  }

 private:
  static constexpr std::uint64_t kNodesBetweenUpdates = 1 << 18;

  unsigned StretchDepth() const { return depth_ + 2; }
  // As many as have the nodes of two stretch trees.
  std::uint64_t TreesOfDepth(unsigned depth) const {
    return 2 * NodesOfDepth(StretchDepth()) / NodesOfDepth(depth);
  }
  std::uint64_t TotalObjects() const {
    std::uint64_t total =
        NodesOfDepth(StretchDepth()) + NodesOfDepth(depth_) + 1;
    for (unsigned depth = kLeastDepth; depth <= depth_; depth += 2) {
      total += 2 * TreesOfDepth(depth) * NodesOfDepth(depth);
    }
    return total;
  }

  // Counts the nodes of a new tree.
  void Note(RunContext& context, unsigned depth) const {
    const std::uint64_t before = context.allocated_objects;
    context.allocated_objects += NodesOfDepth(depth);
    if (before / kNodesBetweenUpdates !=
        context.allocated_objects / kNodesBetweenUpdates) {
      context.progress.Update(context.allocated_objects, TotalObjects());
    }
  }

  unsigned depth_ = 0;
  std::uint64_t doubles_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeGcBench() { return std::make_unique<GcBench>(); }

}  // namespace fledge::tools

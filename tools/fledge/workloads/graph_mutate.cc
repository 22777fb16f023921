// graph-mutate: a random graph that is rewired and whose nodes are replaced,
// at random and all over: cycles, old references to young nodes, and garbage
// wherever a node's last edge goes.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/checksum.h"
#include "tools/fledge/workloads/record.h"
#include "tools/fledge/workloads/workloads.h"
#include "tools/fledge/workloads/xorshift.h"

namespace fledge::tools {
namespace {

using runtime::Bytes;
using runtime::HandleScope;
using runtime::Local;
using runtime::Mutator;
using runtime::SetItem;
using runtime::Value;
using runtime::Vector;

constexpr std::size_t kEdges = 4;

// The fields of a node, after its edges, which are nodes or nil.
enum Field : std::size_t { kPayload = kEdges, kSerial };

class Graph {
 public:
  // `count` nodes without edges.
  // REQUIRES: a HandleScope of `mutator` is open, and outlives this.
  Graph(Mutator& mutator, std::uint32_t count)
      : mutator_(mutator), count_(count), nodes_(mutator, Value::Nil()) {
    nodes_.set(runtime::MakeVector(mutator, count, nodes_));
    for (std::uint32_t i = 0; i < count; ++i) {
      const Value node = MakeNode();
      SetItem(mutator_, Vector(nodes_.get()), i, node);
    }
  }

  // One edge leads elsewhere, or nowhere. Never collects.
  void Rewire() {
    const Vector node = AnyNode();
    const std::uint32_t edge = random_.Below(kEdges);
    const Value target = random_.OneIn(8) ? Value::Nil() : AnyNode().value();
    SetItem(mutator_, node, edge, target);
  }

  // A new node takes the place and the edges of another. What led to the other
  // still does, but it leads nowhere: else each node would keep all the nodes
  // that ever were before it.
  void Replace() {
    const std::uint32_t i = random_.Below(count_);
    const Value fresh = MakeNode();
    const Vector nodes(nodes_.get());
    const Vector old(nodes.item(i));
    for (std::size_t edge = 0; edge < kEdges; ++edge) {
      SetItem(mutator_, Vector(fresh), edge, old.item(edge));
      SetItem(mutator_, old, edge, Value::Nil());
    }
    SetItem(mutator_, nodes, i, fresh);
  }

  // Adds what can be reached from some node. Never collects, so plain values
  // stay valid. O(nodes).
  void AddReachable(Checksum& checksum) {
    std::vector<bool> met(serials_);
    std::vector<Value> pending;
    const auto meet = [&](Value node) {
      if (node.IsNil() || met[SerialOf(Vector(node))]) return;
      met[SerialOf(Vector(node))] = true;
      pending.push_back(node);
    };
    meet(AnyNode().value());
    while (!pending.empty()) {
      const Vector node(pending.back());
      pending.pop_back();
      checksum.Add(SerialOf(node));
      checksum.Add(Bytes(node.item(kPayload)).length());
      checksum.Add(Bytes(node.item(kPayload)).bytes().front());
      for (std::size_t edge = 0; edge < kEdges; ++edge) meet(node.item(edge));
    }
  }

  std::uint64_t objects_made() const { return 1 + 2 * serials_; }

 private:
  static std::size_t SerialOf(Vector node) {
    return static_cast<std::size_t>(node.item(kSerial).integer());
  }
  Vector AnyNode() {
    return Vector(Vector(nodes_.get()).item(random_.Below(count_)));
  }

  // A node without edges, and with some bytes.
  Value MakeNode() {
    const std::uint64_t serial = serials_++;
    const HandleScope scope(mutator_);
    const Local payload(mutator_,
                        runtime::MakeBytes(mutator_, 8 + random_.Below(56)));
    std::ranges::fill(Bytes(payload.get()).bytes(),
                      static_cast<std::uint8_t>(serial));
    const Value nil = Value::Nil();
    return MakeRecord(mutator_, nil, nil, nil, nil, payload,
                      Value::SmallInteger(static_cast<std::int64_t>(serial)));
  }

  Mutator& mutator_;
  const std::uint32_t count_;
  Local nodes_;  // Vector of the present nodes; others live while edges do.
  Xorshift random_;
  std::uint64_t serials_ = 0;  // Given to nodes so far.
};

class GraphMutate final : public Workload {
 public:
  std::string_view name() const override { return "graph-mutate"; }
  std::string_view description() const override {
    return "a random graph, rewired and renewed all over";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {
        {"NODES", "200000", "50", "nodes of the graph, 1 to 100000000"},
        {"OPERATIONS", "20000000", "4000", "changes to it, 1 to 1000000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    nodes_ = static_cast<std::uint32_t>(reader.Number(1, 100'000'000));
    operations_ = static_cast<std::uint32_t>(reader.Number(1, 1'000'000'000));
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    const HandleScope scope(context.mutator);
    Graph graph(context.mutator, nodes_);
    Checksum checksum;
    const std::uint32_t checked_every = std::max(operations_ / kChecks, 1u);
    for (std::uint32_t i = 0; i < operations_; ++i) {
      if (i % kOperationsBetweenUpdates == 0) {
        context.progress.Update(i, operations_);
      }
      if (i % checked_every == 0) graph.AddReachable(checksum);
      if (i % kOperationsPerReplacement == 0) {
        graph.Replace();
      } else {
        graph.Rewire();
      }
    }
    graph.AddReachable(checksum);
    context.allocated_objects += graph.objects_made();
    return "checksum=" + checksum.Text();
  }

 private:
  static constexpr std::uint32_t kChecks = 16;
  static constexpr std::uint32_t kOperationsPerReplacement = 4;
  static constexpr std::uint32_t kOperationsBetweenUpdates = 1 << 16;

  std::uint32_t nodes_ = 0;
  std::uint32_t operations_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeGraphMutate() {
  return std::make_unique<GraphMutate>();
}

}  // namespace fledge::tools

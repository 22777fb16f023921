// deep-stack: a recursion a hundred thousand calls deep with two handles in
// each frame. A collector that scans the whole stack each time does so again
// and again for frames that have not changed.
//
// The frames are kept as an interpreter keeps them, in memory of their own:
// recursion in C++ would end where the thread's stack does, at 8 MiB as a
// rule. The handles of all frames are on the mutator's handle stack.
#include <cstdint>
#include <deque>
#include <string>

#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/checksum.h"
#include "tools/fledge/workloads/workloads.h"

namespace fledge::tools {
namespace {

using runtime::Box;
using runtime::Float;
using runtime::HandleScope;
using runtime::Local;
using runtime::Mutator;
using runtime::Pair;
using runtime::Value;

// What a call holds until it returns: two handles.
class Frame {
 public:
  // A call with `argument`, from a frame with the list `callers`, or with nil.
  // Allocates twice.
  Frame(Mutator& mutator, std::int64_t argument, Local callers)
      : scope_(mutator),
        list_(mutator, Value::SmallInteger(argument)),
        local_(mutator, Value::Nil()) {
    list_.set(runtime::MakePair(mutator, list_, callers));
    local_.set(runtime::MakeFloat(mutator, LocalOf(argument)));
  }

  // The arguments of this call and of all that are not done, latest first.
  Local list() const { return list_; }

  // Whether the frame still holds what it held when the call began.
  bool IsIntact(std::int64_t argument) const {
    return Pair(list_.get()).car() == Value::SmallInteger(argument) &&
           Float(local_.get()).number() == LocalOf(argument);
  }

 private:
  static double LocalOf(std::int64_t argument) {
    return static_cast<double>(argument) * 0.5;
  }

  const HandleScope scope_;  // First, so that it outlives the handles.
  Local list_;
  Local local_;
};

class DeepStack final : public Workload {
 public:
  std::string_view name() const override { return "deep-stack"; }
  std::string_view description() const override {
    return "a deep recursion with live handles in every frame";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"DEPTH", "100000", "500",
             "calls that are active at once, 1 to 10000000"},
            {"ROUNDS", "300", "3", "times to go down and back, 1 to 1000000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    depth_ = static_cast<std::int64_t>(reader.Number(1, kLargestDepth));
    rounds_ = reader.Number(1, 1'000'000);
    return reader.Finish();
  }

  std::string Run(RunContext& context) override {
    Checksum checksum;
    std::uint64_t damaged = 0;
    for (std::uint64_t round = 0; round < rounds_; ++round) {
      RunOnce(context, checksum, damaged);
      context.progress.Update(round + 1, rounds_);
    }
    // Three a call, and what the deepest call gets from below.
    context.allocated_objects +=
        rounds_ * (3 * static_cast<std::uint64_t>(depth_) + 1);
    return "checksum=" + checksum.Text() +
           " damaged=" + std::to_string(damaged);
  }

 private:
  // Two handles a frame: this many fill 153 of the 256 MiB that a mutator's
  // handle stack has.
  static constexpr std::uint64_t kLargestDepth = 10'000'000;

  // Goes down to the depth and back up; each call returns the sum of the
  // arguments of the calls below it and its own, in a new box.
  void RunOnce(RunContext& context, Checksum& checksum,
               std::uint64_t& damaged) const {
    Mutator& mutator = context.mutator;
    const HandleScope scope(mutator);
    const Local nil(mutator, Value::Nil());
    Local returned(mutator, Value::SmallInteger(0));
    Local sum(mutator, Value::Nil());
    returned.set(runtime::MakeBox(mutator, returned));

    std::deque<Frame> frames;  // Never moves them, so scopes nest as calls do.
    for (std::int64_t argument = 1; argument <= depth_; ++argument) {
      frames.emplace_back(mutator, argument,
                          frames.empty() ? nil : frames.back().list());
    }
    for (std::int64_t argument = depth_; argument >= 1; --argument) {
      if (!frames.back().IsIntact(argument)) ++damaged;
      sum.set(Value::SmallInteger(Box(returned.get()).content().integer() +
                                  argument));
      returned.set(runtime::MakeBox(mutator, sum));
      frames.pop_back();
    }
    checksum.Add(
        static_cast<std::uint64_t>(Box(returned.get()).content().integer()));
  }

  std::int64_t depth_ = 0;
  std::uint64_t rounds_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeDeepStack() {
  return std::make_unique<DeepStack>();
}

}  // namespace fledge::tools

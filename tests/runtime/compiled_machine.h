// CompiledMachine: a thread that runs the compiled code of
// tests/runtime/compiled_code.h, registered, for tests.
//
//   CompiledMachine machine(heap.heap());
//   std::array<Value, 3> values = {a, b, a + 8};
//   machine.Run(kWithBoth, values, [&] { heap.Minor(); });
//   values[0]                           // a, as it is now.
//
// PolledMachine: the same with code that polls at return.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "gc/handles.h"
#include "gc/heap_options.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_frames.h"
#include "runtime/exit_frame.h"
#include "tests/runtime/compiled_code.h"
#include "tests/support/plain_model.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {

// What a native function that compiled code calls does.
struct NativeCall {
  CompiledFrames& frames;
  std::function<void()> body;
};

[[gnu::noinline]] inline void Native(void* argument) {
  auto& call = *static_cast<NativeCall*>(argument);
  const ExitFrame exit(call.frames.newest_address());
  call.body();
}

// The test's compiled code, registered, and a thread that runs it.
class CompiledMachine {
 public:
  explicit CompiledMachine(gc::HeapCore& heap,
                           FrameWalk of_both = FrameWalk::kBoth,
                           FrameWalk of_table = FrameWalk::kUnwindTable)
      : registry_(heap) {
    Register(kWithBoth.Describe(of_both, heap.slot_bytes()));
    Register(kWithTable.Describe(of_table, heap.slot_bytes()));
  }

  void Register(Code code) {
    const auto error =
        registry_.RegisterCode(std::move(code), registrations_.emplace_back());
    EXPECT_FALSE(error) << error->message;
  }
  // Runs `body` in a native function that `function` calls with `values`.
  template <typename Value>
  void Run(const CompiledFunction& function, std::array<Value, 3>& values,
           std::function<void()> body) {
    NativeCall native{frames_, std::move(body)};
    CompiledCall call{{values[0], values[1], values[2]}, &Native, &native};
    function.function(&call);
    for (std::size_t i = 0; i < 3; ++i) {
      values[i] = static_cast<Value>(call.values[i]);
    }
  }

  CodeRegistry& registry() { return registry_; }
  CompiledFrames& frames() { return frames_; }

 private:
  CodeRegistry registry_;
  std::vector<CodeRegistry::Registration> registrations_;
  CompiledFrames frames_{registry_};
};

// A heap of one model, where that is enough.
inline gc::HeapOptions Verified() {
  gc::HeapOptions options = TestHeap<PlainModel>::SmallHeap();
  options.verify = gc::Verify::kOn;
  return options;
}

// For a walk, and nothing more: roots, but of nothing.
inline std::array<PlainModel::Value, 3> Nothing() { return {0, 0, 0}; }

// A thread whose code polls at return.
class PolledMachine {
 public:
  explicit PolledMachine(gc::HeapCore& heap) : registry_(heap) {
    EXPECT_FALSE(registry_.RegisterCode(
        kPolled.Describe(FrameWalk::kBoth, heap.slot_bytes()), registration_));
  }

  // Calls `body` through a frame for each of the values, which refers to it,
  // and returns what their slots hold then.
  template <typename Value>
  std::vector<CompiledCall> Run(const std::vector<Value>& values,
                                std::function<void()> body) {
    NativeCall native{frames_, std::move(body)};
    std::vector<CompiledCall> calls(values.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const bool last = i + 1 == calls.size();
      calls[i] = {{values[i], values[i], static_cast<Value>(values[i] + 8)},
                  last ? &Native : kPolled.function,
                  last ? static_cast<void*>(&native) : &calls[i + 1],
                  &frames_.fields()};
    }
    kPolled.function(calls.data());
    return calls;
  }
  CompiledFrames& frames() { return frames_; }
  CodeRegistry& registry() { return registry_; }

 private:
  CodeRegistry registry_;
  CodeRegistry::Registration registration_;
  CompiledFrames frames_{registry_, Returns::kPolled};
};

template <typename Heap>
auto NewObjects(Heap& heap, int first, std::size_t count) {
  using Value = decltype(heap.New(0));
  const gc::HandleScope scope(heap.mutator());
  std::vector<decltype(heap.Root(heap.New(0)))> roots;
  for (std::size_t i = 0; i < count; ++i) {
    roots.push_back(heap.Root(heap.New(first + static_cast<int>(i))));
  }
  std::vector<Value> values;
  for (const auto& root : roots) values.push_back(root.get());
  return values;
}

template <typename Heap>
void ExpectObjects(Heap& heap, const std::vector<CompiledCall>& calls,
                   int first) {
  using Value = decltype(heap.New(0));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto value = static_cast<Value>(calls[i].values[0]);
    EXPECT_TRUE(heap.Is(value, first + static_cast<int>(i)));
    EXPECT_EQ(calls[i].values[1], value);
    EXPECT_EQ(calls[i].values[2], static_cast<Value>(value + 8));
  }
}

}  // namespace fledge::runtime

// Thread: what compiled code needs to run: a heap, an attached thread, and the
// functions that compiled code calls.
//
// One heap and one thread at a time, which is enough for the programs here.
//
//   nest::Thread thread(options);
//   ... register code with thread.registry() ...
//   thread.Run(main, 18);
//
// Threads: made, used and destroyed by the thread that runs the code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "docs/tutorial-llvm/object_model.h"
#include "gc/heap.h"
#include "gc/heap_options.h"
#include "gc/mutator_core.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_frames.h"

extern template class fledge::gc::Heap<nest::ObjectModel>;

namespace nest {

// A program's main, as compiled code has it.
using Main = void(fledge::gc::MutatorFields*, std::int64_t);

struct RunOptions {
  fledge::gc::HeapOptions heap;
  bool collect_at_polls = false;  // Each poll finds a request, and collects.
  bool times = false;             // Prints how long Run() takes, to stderr.
};

class Thread {
 public:
  explicit Thread(const RunOptions& options);
  ~Thread();

  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  fledge::runtime::CodeRegistry& registry() { return registry_; }

  // Runs a program whose code is registered. May collect.
  void Run(Main* main, std::int64_t argument);

  std::size_t collections() const;

  // For the functions that compiled code calls.
  fledge::gc::Mutator<ObjectModel>& mutator() { return mutator_; }
  fledge::runtime::CompiledFrames& frames() { return frames_; }
  // So that the next poll goes to CollectAtPoll(), if that was asked for.
  void RequestPoll();
  bool collects_at_polls() const { return options_.collect_at_polls; }

 private:
  const RunOptions options_;
  fledge::gc::Heap<ObjectModel> heap_;
  fledge::gc::Mutator<ObjectModel> mutator_;
  fledge::runtime::CodeRegistry registry_;
  fledge::runtime::CompiledFrames frames_;
};

// The functions that compiled code calls, by the names that it has for them.
std::vector<std::pair<std::string, void*>> RuntimeFunctions();

}  // namespace nest

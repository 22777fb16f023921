#include "runtime/interpreter_stacks.h"

#include <memory>

#include "runtime/value.h"

namespace fledge::runtime {

Stacks::Value InterpreterStacks::TryMake(Mutator& mutator, Local content,
                                         std::size_t first_bytes) {
  mutator.PaceExternal(first_bytes);
  auto frames = std::make_unique<InterpreterStack>(
      sizeof(Value::Word), StackSegments(memory_, first_bytes));
  return TryAdd(mutator, std::move(frames), content);
}

}  // namespace fledge::runtime

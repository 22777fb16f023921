// The process that a program runs in, and the time: R7RS, section 6.14.
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"

extern char** environ;

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

// What the system gives need not be UTF-8; what is not is left out.
Value TextOfBytes(Vm& vm, std::string_view bytes) {
  return OrOutOfMemory(
      vm, TryMakeTextOfUtf8(vm.mutator(),
                            bytes.substr(0, MeasureUtf8(bytes).valid_bytes)));
}

Value CommandLine(Vm& vm, Arguments) {
  const HandleScope scope(vm.mutator());
  Local list(vm.mutator(), Value::Nil());
  const std::vector<std::string>& words = vm.command_line();
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    const HandleScope item_scope(vm.mutator());
    const Value text = TextOfBytes(vm, *word);
    if (text.IsEmpty()) return text;
    const Local item(vm.mutator(), text);
    list.set(runtime::MakePair(vm.mutator(), item, list));
  }
  return list.get();
}

Value GetEnvironmentVariable(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const std::string name = Utf8Of(runtime::Text(arguments[0]));
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? Value::False() : TextOfBytes(vm, value);
}

Value GetEnvironmentVariables(Vm& vm, Arguments) {
  const HandleScope scope(vm.mutator());
  Local list(vm.mutator(), Value::Nil());
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const HandleScope item_scope(vm.mutator());
    const std::string_view text = *entry;
    const std::size_t end = text.find('=');
    if (end == std::string_view::npos) continue;
    const Value name = TextOfBytes(vm, text.substr(0, end));
    if (name.IsEmpty()) return name;
    const Local key(vm.mutator(), name);
    const Value content = TextOfBytes(vm, text.substr(end + 1));
    if (content.IsEmpty()) return content;
    const Local value(vm.mutator(), content);
    const Local pair(vm.mutator(), runtime::MakePair(vm.mutator(), key, value));
    list.set(runtime::MakePair(vm.mutator(), pair, list));
  }
  return list.get();
}

// (%exit status): the status of what R7RS has as an argument of exit. Ends the
// program; nothing of it runs any more.
Value Exit(Vm& vm, Arguments arguments) {
  const Value status = arguments[0];
  if (status.IsSmallInteger()) {
    vm.set_exit_status(static_cast<int>(status.integer() & 0xff));
  } else {
    vm.set_exit_status(status.IsBoolean() && !status.IsTrue() ? 1 : 0);
  }
  const HandleScope scope(vm.mutator());
  return vm.EndWith(Local(vm.mutator(), status));
}

Value CurrentSecond(Vm& vm, Arguments) {
  const std::chrono::duration<double> now =
      std::chrono::system_clock::now().time_since_epoch();
  return runtime::MakeFloat(vm.mutator(), now.count());
}

// Jiffies are nanoseconds.
Value CurrentJiffy(Vm&, Arguments) {
  const std::chrono::nanoseconds now =
      std::chrono::steady_clock::now().time_since_epoch();
  return Value::SmallInteger(now.count());
}

Value JiffiesPerSecond(Vm&, Arguments) {
  return Value::SmallInteger(1'000'000'000);
}

constexpr Primitive kPrimitives[] = {
    {"command-line", CommandLine, 0, 0},
    {"get-environment-variable", GetEnvironmentVariable, 1, 1},
    {"get-environment-variables", GetEnvironmentVariables, 0, 0},
    {"%exit", Exit, 1, 1},
    {"current-second", CurrentSecond, 0, 0},
    {"current-jiffy", CurrentJiffy, 0, 0},
    {"jiffies-per-second", JiffiesPerSecond, 0, 0},
};

}  // namespace

std::span<const Primitive> ProcessPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda

// Compiled code for tests: functions as a compiler would make them, that
// keep references in their frames while they call.
//
// Each spills two references and an address derived from the first, calls, and
// stores what its slots hold then:
//
//   [sp+8]   reference 0         [sp+32]  reference 1; also [fp-16] where the
//   [sp+16]  derived from 0               function keeps its frame pointer
//
//   CompiledCall call{{a, b, a + 8}, &Native, &context};
//   kWithFramePointer.function(&call);     // Calls Native(&context).
//   call.values[0]                         // a, as it is now.
//
// On x86-64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "allocator/base/address.h"
#include "runtime/code_registry.h"

namespace fledge {

struct CompiledCall {
  std::uint64_t values[3];
  void (*callee)(void* argument);  // May be a function of these.
  void* argument;
  void* fields = nullptr;  // The thread's CompiledFields, for kPolled.
};
static_assert(offsetof(CompiledCall, callee) == 24);
static_assert(offsetof(CompiledCall, argument) == 32);
static_assert(offsetof(CompiledCall, fields) == 40);

struct CompiledFunction {
  const char* name;
  void (*function)(void* call);  // Takes a CompiledCall.
  Address begin;
  Address returns;  // Where its call returns.
  Address end;
  bool keeps_frame_pointer;
  bool has_unwind_table;

  // What a compiler says of it: the code and its map.
  runtime::Code Describe(runtime::FrameWalk walk,
                         std::size_t slot_bytes = 8) const;
};

// Keeps its frame pointer, and has an unwind table; only the table, with
// something else in the frame pointer's register; and neither.
extern const CompiledFunction kWithBoth;
extern const CompiledFunction kWithTable;
extern const CompiledFunction kWithNeither;
// Has both, and polls at return.
extern const CompiledFunction kPolled;

}  // namespace fledge

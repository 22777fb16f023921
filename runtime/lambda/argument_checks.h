// Argument checks: what primitives of the library ask of their arguments.
//
// Each raises what is wrong, with what would be right, and returns false or
// nothing; the primitive then returns empty. So only what fails may collect.
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/lambda/primitive.h"
#include "runtime/lambda/range.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// `expected` is what there is of the type, as "a pair".
bool CheckType(Vm& vm, const Arguments& arguments, std::size_t i,
               ObjectType type, std::string_view expected);
bool CheckText(Vm& vm, const Arguments& arguments, std::size_t i);
// A text that is not constant.
bool CheckMutableText(Vm& vm, const Arguments& arguments, std::size_t i);
bool CheckCharacter(Vm& vm, const Arguments& arguments, std::size_t i);
// A list that ends, in nil.
bool CheckList(Vm& vm, const Arguments& arguments, std::size_t i);

// An index below `limit`.
std::optional<std::size_t> CheckIndex(Vm& vm, const Arguments& arguments,
                                      std::size_t i, std::size_t limit);
// How many items something is to have.
std::optional<std::size_t> CheckLength(Vm& vm, const Arguments& arguments,
                                       std::size_t i);
// A byte, 0 to 255.
std::optional<std::uint8_t> CheckByte(Vm& vm, const Arguments& arguments,
                                      std::size_t i);
// Arguments `i` and `i` + 1, as far as there are so many: a range of `length`
// items, which is all of them without arguments.
std::optional<Range> CheckRange(Vm& vm, const Arguments& arguments,
                                std::size_t i, std::size_t length);
// For copying `count` items to argument `i` - 1, which has `length`, from
// argument `i` on.
std::optional<std::size_t> CheckPlace(Vm& vm, const Arguments& arguments,
                                      std::size_t i, std::size_t length,
                                      std::size_t count);

// For each turn of a primitive's loop that allocates: false, and it has raised,
// if the program is to be interrupted; most likely as there is no memory.
inline bool MayGoOn(Vm& vm) {
  if (!vm.is_interrupted()) [[likely]]
    return true;
  vm.RaiseInterruption();
  return false;
}

// `made`, or an error if it is empty as there was no memory for it.
Value OrOutOfMemory(Vm& vm, Value made);
// Unspecified, or the same error.
Value DoneOrOutOfMemory(Vm& vm, bool done);

}  // namespace fledge::lambda

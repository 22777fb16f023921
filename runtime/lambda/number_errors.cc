#include "runtime/lambda/number_errors.h"

#include "allocator/base/check.h"

namespace fledge::lambda {

Value RaiseNumberError(Vm& vm, NumberError error) {
  switch (error) {
    case NumberError::kDivisionByZero:
      return vm.RaiseError("division-by-zero", "division by zero");
    case NumberError::kTooLarge:
      return vm.RaiseError("out-of-range", "the number has too many digits");
    case NumberError::kOutOfMemory:
      return vm.RaiseError("out-of-memory", "no room for a number");
    case NumberError::kNone:
    case NumberError::kWrongType:
    case NumberError::kSyntax:
      break;
  }
  FLEDGE_CHECK(false, "an error that names no operand");
  return Value();
}

}  // namespace fledge::lambda

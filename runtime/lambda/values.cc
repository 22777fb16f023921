#include "runtime/lambda/values.h"

#include "runtime/procedure_layout.h"

namespace fledge::lambda {

Value MakeValues(runtime::Mutator& mutator, const Arguments& arguments) {
  if (arguments.size() == 1) return arguments[0];
  const Address object =
      mutator.Allocate(runtime::SizeOf(ObjectType::kValues, arguments.size()));
  const auto values = runtime::Values::Initialize(object, arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    *values.slot(i) = arguments[i].word();
  }
  return values.value();
}

}  // namespace fledge::lambda

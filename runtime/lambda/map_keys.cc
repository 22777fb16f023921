#include "runtime/lambda/map_keys.h"

#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/texts.h"
#include "runtime/map.h"

namespace fledge::lambda {

using runtime::HandleScope;

bool CheckMapKey(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (runtime::IsHashable(arguments[i])) [[likely]]
    return true;
  vm.RaiseWrongType(arguments, i, "a key of a map: " + std::string(kMapKeys));
  return false;
}

bool FixMapKey(Vm& vm, Arguments& arguments, std::size_t i) {
  if (!CheckMapKey(vm, arguments, i)) return false;
  if (!IsText(arguments[i]) || Text(arguments[i]).is_constant()) return true;
  const HandleScope scope(vm.mutator());
  const Local key(vm.mutator(), arguments[i]);
  const Value copy =
      TryCopyText(vm.mutator(), key, {0, Text(key.get()).length()});
  if (OrOutOfMemory(vm, copy).IsEmpty()) return false;
  Text(copy).MakeConstant();
  arguments.Set(i, copy);
  return true;
}

}  // namespace fledge::lambda

#include "runtime/guardian.h"

#include <memory>
#include <utility>

#include "runtime/objects.h"

namespace fledge::runtime {

Value MakeGuardian(Mutator& mutator) {
  auto finalizers = std::make_unique<Finalizers>(Finalizers::Mode::kGuardian);
  const Address object = internal::Allocate<ObjectType::kGuardian>(mutator);
  const Value value = Guardian::Initialize(object, *finalizers).value();
  mutator.heap().AdoptWeakSet(std::move(finalizers), value.word());
  return value;
}

}  // namespace fledge::runtime

#include "runtime/fiber.h"

namespace fledge::runtime {

Fiber::Fiber(AddressRange memory) : memory_(memory) {}
Fiber::~Fiber() = default;

void Fiber::Leave(Fiber&, Fiber&) {}
void Fiber::Arrive(Fiber&, Fiber&) {}

}  // namespace fledge::runtime

#include "runtime/port_layout.h"

#include <gtest/gtest.h>

#include <array>

#include "runtime/value_model.h"

namespace fledge::runtime {
namespace {

TEST(PortLayoutTest, ItsStreamIsNoSlot) {
  std::array<Value::Word, 2> memory = {};
  const auto object = reinterpret_cast<Address>(memory.data());
  // An address that would be a reference, if it were a slot.
  const Port port = Port::Initialize(object, memory.data());
  EXPECT_EQ(port.stream(), memory.data());
  const ValueModel model{AddressRange{}};
  const Header header = gc::LoadHeader(object);
  EXPECT_EQ(model.SizeFrom(header), sizeof memory);
  EXPECT_EQ(model.TypeName(header), "port");
  int slots = 0;
  model.VisitSlots(object, header, [&](Value::Word*) { ++slots; });
  EXPECT_EQ(slots, 0);
}

}  // namespace
}  // namespace fledge::runtime

// Frames that a test lays out by itself.

#include "runtime/frame.h"

#include <gtest/gtest.h>

#include <array>

namespace fledge::runtime {
namespace {

TEST(FrameTest, SlotsAreRelativeToTheirRegister) {
  const Frame frame{1, 0x1000, 0x2000};
  EXPECT_EQ(frame.AddressOf({FrameRegister::kStackPointer, 16}), 0x1010u);
  EXPECT_EQ(frame.AddressOf({FrameRegister::kStackPointer, -16}), 0x0ff0u);
  EXPECT_EQ(frame.AddressOf({FrameRegister::kFramePointer, -8}), 0x1ff8u);
}

TEST(FrameTest, AFramePointerLeadsToTheCaller) {
  std::array<Address, 8> stack{};
  const Address base = reinterpret_cast<Address>(stack.data());
  stack[3] = 0xf00d;    // The caller's frame pointer,
  stack[4] = 0x40102a;  // and where it is returned to.
  Frame frame{1, base, base + 3 * sizeof(Address)};
  EXPECT_TRUE(StepByFramePointer(frame));
  EXPECT_EQ(frame, (Frame{0x40102a, base + 5 * sizeof(Address), 0xf00d}));
  for (const Address wrong : {base - 8, base + 3, Address{0}}) {
    Frame lost{1, base, wrong};
    EXPECT_FALSE(StepByFramePointer(lost));
    EXPECT_EQ(lost, (Frame{1, base, wrong}));
  }
}

}  // namespace
}  // namespace fledge::runtime

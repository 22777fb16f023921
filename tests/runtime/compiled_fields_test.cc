#include "runtime/compiled_fields.h"

#include <gtest/gtest.h>

#include "runtime/exit_frame.h"

namespace fledge::runtime {
namespace {

// Returns the stack pointer of its caller.
[[gnu::noinline]] Address EnterAndLeave(CompiledFields& fields) {
  const ExitFrame exit(&fields.newest);
  return fields.newest->stack_pointer;
}

TEST(CompiledFieldsTest, WhatAnExitFrameReturnsToRuns) {
  CompiledFields fields;
  fields.watermark = CompiledFields::kAllRest;
  const Address caller = EnterAndLeave(fields);
  EXPECT_EQ(fields.newest, nullptr);
  EXPECT_EQ(fields.watermark, caller);
}

TEST(CompiledFieldsTest, AReturnBelowTheWatermarkLeavesIt) {
  CompiledFields fields;
  EnterAndLeave(fields);
  EXPECT_EQ(fields.watermark, CompiledFields::kNoneRests);
  fields.watermark = 0x2000;
  fields.ReturnTo(0x1ff8);
  EXPECT_EQ(fields.watermark, 0x2000u);
  fields.ReturnTo(0x2000);  // Its return address is below.
  EXPECT_EQ(fields.watermark, 0x2000u);
  fields.ReturnTo(0x2008);
  EXPECT_EQ(fields.watermark, 0x2008u);
}

}  // namespace
}  // namespace fledge::runtime

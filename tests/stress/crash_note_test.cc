#include "tests/support/crash_note.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "allocator/base/check.h"
#include "tests/support/seed.h"

namespace fledge {
namespace {

TEST(CrashNoteTest, DeathBySignalTellsSeedAndOperation) {
  EXPECT_DEATH(
      {
        CrashNote note("a test", 7);
        note.set_operation(3);
        std::abort();
      },
      "died in a test, operation 3; repeat with FLEDGE_TEST_SEED=7");
}

TEST(CrashNoteTest, FailedCheckIsStillPrinted) {
  EXPECT_DEATH(
      {
        CrashNote note("a test", 7);
        FLEDGE_CHECK(false, "the reason");
      },
      "the reason[^~]*died in a test, operation 0");
}

TEST(SeedTest, TextThatIsNoNumberStopsTheTest) {
  EXPECT_DEATH(
      {
        setenv("FLEDGE_TEST_SEED", "12x", 1);
        TestSeed();
      },
      "FLEDGE_TEST_SEED is not a number");
}

}  // namespace
}  // namespace fledge

// Marking in steps of any size between the operations of a random program, with
// minor collections anywhere: each seed is a schedule. The same as
// fledge_random_programs does for longer with --settings cycles.

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "tests/support/fake_models.h"
#include "tests/support/fake_programs.h"
#include "tests/support/model_traits.h"
#include "tests/support/program_settings.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

template <typename M>
class CycleSchedulesTest : public ::testing::Test {
 protected:
  static void Run(std::string_view setting_name, std::uint64_t seeds,
                  std::uint64_t of_each = 3'000) {
    for (const ProgramSetting& setting : kProgramSettings) {
      if (setting.name != setting_name) continue;
      for (std::uint64_t i = 0; i < Repetitions(seeds); ++i) {
        std::uint64_t operations = 0;
        const auto difference = RunProgram<M>(setting, Policy::kGenImmix,
                                              {.seed = TestSeed() + i,
                                               .operations = of_each,
                                               .one_in_compares = 300},
                                              operations);
        ASSERT_FALSE(difference.has_value()) << *difference;
      }
      return;
    }
    FAIL() << "no setting of that name";
  }
};

TYPED_TEST_SUITE(CycleSchedulesTest, FakeModels, ModelNames);

TYPED_TEST(CycleSchedulesTest, LoseNothing) { this->Run("cycles", 60); }

TYPED_TEST(CycleSchedulesTest, LoseNothingWithSmallestSpacesAndQueues) {
  this->Run("tiny cycles", 60);
}

TYPED_TEST(CycleSchedulesTest, LoseNothingInManyShortPrograms) {
  this->Run("schedules", 1000, 60);
}

TYPED_TEST(CycleSchedulesTest, LoseNothingThatIsBornOld) {
  this->Run("birth schedules", 1000, 60);
}

}  // namespace
}  // namespace fledge::gc

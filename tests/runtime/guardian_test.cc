#include "runtime/guardian.h"

#include <gtest/gtest.h>

#include "gc/heap_options.h"
#include "runtime/objects.h"

namespace fledge::runtime {
namespace {

class GuardianTest : public ::testing::TestWithParam<const char*> {
 protected:
  static gc::HeapOptions Options() {
    gc::HeapOptions options;
    options.max_heap_bytes = 32 * kMiB;
    EXPECT_FALSE(ParseHeapOptions(GetParam(), options));
    return options;
  }
  void Collect() {
    for (int i = 0; i < 3; ++i) mutator_.Collect(gc::CollectionKind::kMajor);
  }
  void Register(Local guardian, Value object) {
    Guardian(guardian.get()).finalizers().Register(mutator_, object);
  }

  Heap heap_{Options()};
  Mutator mutator_{heap_};
  HandleScope scope_{mutator_};
};

TEST_P(GuardianTest, ReturnsWhatIsDead) {
  const Local guardian(mutator_, MakeGuardian(mutator_));
  Register(guardian, MakePair(mutator_, Value::Nil(), Value::Nil()));
  EXPECT_FALSE(Guardian(guardian.get()).finalizers().TakeNext().has_value());
  Collect();
  const auto taken = Guardian(guardian.get()).finalizers().TakeNext();
  ASSERT_TRUE(taken.has_value());
  EXPECT_TRUE(Is(*taken, ObjectType::kPair));
  EXPECT_FALSE(Guardian(guardian.get()).finalizers().TakeNext().has_value());
}

// Each waits for the other: both are found dead.
TEST_P(GuardianTest, GuardiansMayGuardEachOther) {
  const Local outer(mutator_, MakeGuardian(mutator_));
  {
    const HandleScope scope(mutator_);
    const Local a(mutator_, MakeGuardian(mutator_));
    const Local b(mutator_, MakeGuardian(mutator_));
    Register(a, b.get());
    Register(b, a.get());
    Register(outer, a.get());
    Register(a, MakePair(mutator_, Value::Nil(), Value::Nil()));
  }
  Collect();
  const auto taken = Guardian(outer.get()).finalizers().TakeNext();
  ASSERT_TRUE(taken.has_value());
  const Local a(mutator_, *taken);
  EXPECT_TRUE(Is(a.get(), ObjectType::kGuardian));
  Collect();
  EXPECT_EQ(Guardian(a.get()).finalizers().count(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Policies, GuardianTest,
                         ::testing::Values("policy=semispace,verify=on",
                                           "policy=gencopy,verify=on",
                                           "policy=genimmix,verify=on"));

}  // namespace
}  // namespace fledge::runtime

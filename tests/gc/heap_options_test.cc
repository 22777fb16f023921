#include "gc/heap_options.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

// The message of the error, or "" if `text` was accepted.
std::string HeapError(std::string_view text) {
  HeapOptions options;
  return ParseHeapOptions(text, options).value_or(OptionError{}).message;
}

std::string StressError(std::string_view text) {
  StressOptions options;
  return ParseStressOptions(text, options).value_or(OptionError{}).message;
}

TEST(HeapOptionsTest, EmptyTextSetsNothing) {
  HeapOptions options;
  options.nursery_bytes = 5 * kMiB;
  EXPECT_FALSE(ParseHeapOptions("", options));
  EXPECT_EQ(options.nursery_bytes, 5 * kMiB);
  EXPECT_EQ(options.policy, Policy::kGenImmix);
}

TEST(HeapOptionsTest, EveryKeySetsItsOption) {
  HeapOptions options;
  EXPECT_FALSE(ParseHeapOptions(
      "policy=gencopy,max-heap=4G,nursery=16M,tenuring=2,verify=on", options));
  EXPECT_EQ(options.policy, Policy::kGenCopy);
  EXPECT_EQ(options.max_heap_bytes, 4 * kGiB);
  EXPECT_EQ(options.nursery_bytes, 16 * kMiB);
  EXPECT_EQ(options.tenuring_threshold, 2u);
  EXPECT_EQ(options.verify, Verify::kOn);
}

TEST(HeapOptionsTest, KeysThatAreNotGivenKeepTheirValue) {
  HeapOptions options;
  options.tenuring_threshold = 3;
  EXPECT_FALSE(ParseHeapOptions("verify=on", options));
  EXPECT_EQ(options.tenuring_threshold, 3u);
}

TEST(HeapOptionsTest, AutoLeavesTenuringToTheHeap) {
  HeapOptions options;
  options.tenuring_threshold = 3;
  EXPECT_FALSE(ParseHeapOptions("tenuring=auto", options));
  EXPECT_EQ(options.tenuring_threshold, 0u);
}

TEST(HeapOptionsTest, PretenuringIsSetOrLeftToTheHeap) {
  HeapOptions options;
  for (const auto& [text, value] :
       {std::pair("pretenure=on", Pretenure::kOn),
        std::pair("pretenure=off", Pretenure::kOff),
        std::pair("pretenure=auto", Pretenure::kAuto)}) {
    EXPECT_FALSE(ParseHeapOptions(text, options));
    EXPECT_EQ(options.pretenure, value);
  }
}

TEST(HeapOptionsTest, AnErrorLeavesOptionsUnchanged) {
  HeapOptions options;
  EXPECT_TRUE(ParseHeapOptions("nursery=16M,tenuring=9", options));
  EXPECT_EQ(options.nursery_bytes, 0u);
  StressOptions stress;
  EXPECT_TRUE(ParseStressOptions("every=3,tiny=maybe", stress));
  EXPECT_EQ(stress.every, 0u);
}

TEST(HeapOptionsTest, EveryPolicyIsFoundByItsName) {
  for (const Policy policy : {Policy::kNoGc, Policy::kSemispace,
                              Policy::kGenCopy, Policy::kGenImmix}) {
    EXPECT_EQ(PolicyNamed(NameOf(policy)), policy);
  }
  EXPECT_EQ(PolicyNamed("GenImmix"), std::nullopt);
  EXPECT_EQ(PolicyNamed(""), std::nullopt);
}

TEST(HeapOptionsTest, AWrongValueIsNamedWithItsKeyAndARightOne) {
  EXPECT_EQ(HeapError("nursery=abc"), "nursery: 'abc' is not a size (try 16M)");
  EXPECT_EQ(HeapError("tenuring=4"),
            "tenuring: '4' is not 1, 2, 3 or auto (try auto)");
  EXPECT_EQ(HeapError("pretenure=maybe"),
            "pretenure: 'maybe' is not auto, on or off (try auto)");
  EXPECT_EQ(HeapError("verify=yes"), "verify: 'yes' is not on or off (try on)");
  EXPECT_EQ(HeapError("policy=gencpy"),
            "policy: 'gencpy' is not a policy (did you mean 'gencopy'? known: "
            "nogc, semispace, gencopy, genimmix)");
}

TEST(HeapOptionsTest, APauseTargetIsATime) {
  HeapOptions options;
  EXPECT_FALSE(ParseHeapOptions("pause-target=500us", options));
  EXPECT_EQ(options.pause_target_ns, 500'000);
  EXPECT_EQ(HeapError("pause-target=5"),
            "pause-target: '5' is not a time in us, ms or s (try 2ms)");
  EXPECT_EQ(HeapError("pause-target=0ms"),
            "pause-target: '0ms' is not more than zero (try 2ms)");
  EXPECT_EQ(HeapError("pause-target=9223372037s"),
            "pause-target: '9223372037s' is too large (at most 9223372036s)");
}

TEST(HeapOptionsTest, AGrowthIsAPercentage) {
  HeapOptions options;
  EXPECT_FALSE(ParseHeapOptions("growth=150", options));
  EXPECT_EQ(options.growth_percent, 150u);
  EXPECT_EQ(HeapError("growth=10001"),
            "growth: '10001' is too large (at most 10000)");
  EXPECT_EQ(HeapError("growth=0"),
            "growth: '0' is not more than zero (try 100)");
}

TEST(HeapOptionsTest, AnUnknownKeyIsAnsweredWithTheNearestKnownOne) {
  EXPECT_EQ(
      HeapError("nurserry=16M"),
      "unknown key 'nurserry' (did you mean 'nursery'? known: policy, "
      "max-heap, nursery, tenuring, pretenure, pause-target, growth, marking, "
      "verify)");
  EXPECT_EQ(HeapError("colour=red"),
            "unknown key 'colour' (known: policy, max-heap, nursery, tenuring, "
            "pretenure, pause-target, growth, marking, verify)");
}

TEST(HeapOptionsTest, AMissingEqualsSignIsExplainedByWhatWasMeant) {
  EXPECT_EQ(HeapError("nursery"), "nursery: no value (try nursery=16M)");
  EXPECT_EQ(HeapError("gencopy"),
            "'gencopy' is not KEY=VALUE (try policy=gencopy)");
  EXPECT_EQ(
      HeapError("nursry"),
      "'nursry' is not KEY=VALUE (did you mean 'nursery'? known: policy, "
      "max-heap, nursery, tenuring, pretenure, pause-target, growth, marking, "
      "verify)");
}

TEST(HeapOptionsTest, EmptyPartsAreRefused) {
  EXPECT_EQ(HeapError("nursery="), "nursery: no value (try nursery=16M)");
  for (const std::string_view text :
       {",", "verify=on,", ",verify=on", "verify=on,,nursery=1M"}) {
    EXPECT_EQ(HeapError(text),
              "empty setting (write policy=genimmix,verify=on)")
        << text;
  }
  EXPECT_EQ(HeapError("=16M").substr(0, 14), "unknown key ''");
}

TEST(HeapOptionsTest, AKeyGivenTwiceIsRefused) {
  EXPECT_EQ(HeapError("nursery=16M,nursery=16M"),
            "nursery: given twice (keep one of '16M' and '16M')");
  EXPECT_EQ(StressError("every=1,seed=1,every=2"),
            "every: given twice (keep one of '1' and '2')");
}

TEST(HeapOptionsTest, SizesOfNothingAndOverflowAreRefused) {
  EXPECT_EQ(HeapError("nursery=0"),
            "nursery: '0' is not more than zero (try 16M)");
  EXPECT_EQ(HeapError("max-heap=0G"),
            "max-heap: '0G' is not more than zero (try 4G)");
  EXPECT_EQ(HeapError("max-heap=17179869184G"),
            "max-heap: '17179869184G' is too large (at most 17179869183G)");
  EXPECT_EQ(HeapError("max-heap=17179869183G"), "");
}

TEST(HeapOptionsTest, ANurseryMustBeLessThanTheHeap) {
  EXPECT_EQ(HeapError("nursery=1G,max-heap=1G"),
            "nursery: 1G is not less than max-heap, 1G (try 256M)");
  EXPECT_EQ(HeapError("nursery=1023M,max-heap=1G"), "");
  HeapOptions options;
  options.max_heap_bytes = 8 * kMiB;
  EXPECT_TRUE(ParseHeapOptions("nursery=16M", options));
}

TEST(HeapOptionsTest, ParseSizeReadsBytesAndBinaryUnits) {
  EXPECT_EQ(ParseSize("0"), 0u);
  EXPECT_EQ(ParseSize("64"), 64u);
  EXPECT_EQ(ParseSize("64K"), 64 * kKiB);
  EXPECT_EQ(ParseSize("16M"), 16 * kMiB);
  EXPECT_EQ(ParseSize("4G"), 4 * kGiB);
  EXPECT_EQ(ParseSize("18446744073709551615"), ~std::size_t{0});
}

TEST(HeapOptionsTest, ParseSizeRefusesAnythingElse) {
  for (const std::string_view text :
       {"", "K", "-1", "+1", " 1", "1 ", "1 K", "16m", "16MB", "1KK", "1.5G",
        "0x10", "1e3", "18446744073709551616", "18014398509481984K"}) {
    EXPECT_EQ(ParseSize(text), std::nullopt) << text;
  }
}

TEST(StressOptionsTest, EveryKeySetsItsOption) {
  StressOptions options;
  EXPECT_FALSE(options.enabled());
  EXPECT_FALSE(ParseStressOptions(
      "every=1,random=2,major=3,fail-page=4,evacuate=all,protect=on,tiny=on,"
      "seed=5",
      options));
  EXPECT_EQ(options.every, 1u);
  EXPECT_EQ(options.random, 2u);
  EXPECT_EQ(options.major, 3u);
  EXPECT_EQ(options.fail_page, 4u);
  EXPECT_TRUE(options.evacuate_all);
  EXPECT_TRUE(options.protect);
  EXPECT_TRUE(options.tiny);
  EXPECT_EQ(options.seed, 5u);
  EXPECT_TRUE(options.enabled());
}

TEST(StressOptionsTest, NumbersAreCheckedStrictly) {
  EXPECT_EQ(StressError("every=0"), "every: '0' is not more than zero (try 1)");
  EXPECT_EQ(StressError("random=often"),
            "random: 'often' is not a number (try 100)");
  EXPECT_EQ(StressError("seed=18446744073709551616"),
            "seed: '18446744073709551616' is too large (at most "
            "18446744073709551615)");
  EXPECT_EQ(StressError("evacuate=some"),
            "evacuate: 'some' is not all (try all)");
  EXPECT_EQ(StressError("1"), "'1' is not KEY=VALUE (try every=1)");
  EXPECT_EQ(StressError("seed=0"), "");
}

bool Same(const StressOptions& a, const StressOptions& b) {
  return a.every == b.every && a.random == b.random && a.major == b.major &&
         a.fail_page == b.fail_page && a.evacuate_all == b.evacuate_all &&
         a.protect == b.protect && a.tiny == b.tiny && a.seed == b.seed;
}

TEST(StressOptionsTest, TextParsesBackToTheSameOptions) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  const auto number = [&] {
    return random.Next() % 2 ? random.Next() >> (random.Next() % 64) : 0;
  };
  for (int i = 0; i < 2000; ++i) {
    StressOptions options;
    options.every = number();
    options.random = number();
    options.major = number();
    options.fail_page = number();
    options.evacuate_all = random.Next() % 2 != 0;
    options.protect = random.Next() % 2 != 0;
    options.tiny = random.Next() % 2 != 0;
    options.seed = number();
    StressOptions parsed;
    const std::string text = ToText(options);
    ASSERT_FALSE(ParseStressOptions(text, parsed)) << text;
    ASSERT_TRUE(Same(parsed, options)) << text;
  }
  EXPECT_EQ(ToText(StressOptions{}), "");
}

TEST(OptionRowsTest, EveryRowIsAKeyThatParsingKnows) {
  for (const OptionRow& row : HeapOptionRows()) {
    EXPECT_EQ(HeapError(row.key).find(std::string(row.key) + ": no value"), 0u);
    EXPECT_FALSE(row.values.empty() || row.initial.empty());
    EXPECT_FALSE(row.meaning.empty());
  }
  EXPECT_EQ(HeapOptionRows().size(), 9u);
  for (const OptionRow& row : StressOptionRows()) {
    EXPECT_EQ(StressError(row.key).find(std::string(row.key) + ": no value"),
              0u);
  }
  EXPECT_EQ(StressOptionRows().size(), 9u);
}

// Random text of three kinds: any bytes, the letters of the grammar, and
// right settings with a byte changed.
std::string RandomText(Random& random) {
  static constexpr std::string_view kLetters =
      "policymaxheapnurserytenuringpausetargetgrowthusverifyevery=,=,=,"
      "0123456789KMGonoffall-";
  std::string text;
  const auto any_byte = [&] { return static_cast<char>(random.Next() % 256); };
  switch (random.Next() % 3) {
    case 0:
      for (std::size_t n = random.Next() % 200; n > 0; --n) text += any_byte();
      break;
    case 1:
      for (std::size_t n = random.Next() % 60; n > 0; --n) {
        text += kLetters[random.Next() % kLetters.size()];
      }
      break;
    default:
      text = random.Next() % 2
                 ? "policy=gencopy,max-heap=4G,nursery=16M,verify=on"
                 : "every=10,seed=42,evacuate=all,tiny=on";
      text[random.Next() % text.size()] = any_byte();
  }
  return text;
}

void ExpectOneShortLine(const std::string& message, const std::string& text) {
  EXPECT_LT(message.size(), 400u) << message;
  EXPECT_TRUE(std::all_of(message.begin(), message.end(),
                          [](char c) { return c >= ' ' && c <= '~'; }))
      << "for text: " << text;
}

TEST(OptionErrorTest, IsOneShortPrintableLineWhateverTheText) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  int refused = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = RandomText(random);
    const std::string error = HeapError(text);
    ExpectOneShortLine(error, text);
    ExpectOneShortLine(StressError(text), text);
    if (!error.empty()) ++refused;
  }
  EXPECT_GT(refused, 2'500);
}

}  // namespace
}  // namespace fledge::gc

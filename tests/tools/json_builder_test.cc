#include "tools/fledge/workloads/json_builder.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/map.h"
#include "runtime/object_layout.h"
#include "runtime/objects.h"

namespace fledge::tools {
namespace {

using runtime::Float;
using runtime::HandleScope;
using runtime::Heap;
using runtime::Is;
using runtime::Local;
using runtime::Map;
using runtime::Mutator;
using runtime::ObjectType;
using runtime::String;
using runtime::Value;
using runtime::Vector;

// "LINE:COLUMN: MESSAGE", or "" for a text without an error.
std::string ErrorOf(std::string_view text) {
  const std::optional<JsonError> error = CheckJson(text);
  if (!error) return "";
  return std::to_string(error->line) + ":" + std::to_string(error->column) +
         ": " + error->message;
}

TEST(CheckJsonTest, ATextWithoutAnErrorHasNone) {
  for (const char* text : {"0", "[]", "{}", " [1, {\"a\": null}] \n", "\"\""}) {
    EXPECT_EQ(ErrorOf(text), "") << text;
  }
}

TEST(CheckJsonTest, AnErrorHasThePlaceWhereTheWrongTokenBegins) {
  EXPECT_EQ(ErrorOf("[12 345]"),
            "1:5: syntax error while parsing array - unexpected number "
            "literal; expected ',' or ']'");
  EXPECT_EQ(ErrorOf("{\"a\": 1,\n  \"b\" true}"),
            "2:7: syntax error while parsing object separator - unexpected "
            "true literal; expected ':'");
  EXPECT_EQ(ErrorOf("{\"a\": \"b\\\"c\" \"d\\\"e\"}"),
            "1:14: syntax error while parsing object - unexpected string "
            "literal; expected ',' or '}'");
  EXPECT_EQ(ErrorOf("1 \"a\\\\\""),
            "1:3: syntax error while parsing value - unexpected string "
            "literal; expected end of input");
}

TEST(CheckJsonTest, AnErrorInsideATokenHasItsOwnPlace) {
  EXPECT_EQ(ErrorOf("[tru]"),
            "1:5: syntax error while parsing value - invalid literal");
}

TEST(CheckJsonTest, ColumnsCountCharactersNotBytes) {
  EXPECT_EQ(ErrorOf("[\"\xc3\xa9\xc3\xa9\" 1]").substr(0, 4), "1:7:");
}

TEST(CheckJsonTest, AnEarlyEndIsAfterTheLastCharacter) {
  EXPECT_EQ(ErrorOf("").substr(0, 4), "1:1:");
  EXPECT_EQ(ErrorOf("[1,2").substr(0, 4), "1:5:");
  EXPECT_EQ(ErrorOf("[\n").substr(0, 4), "2:1:");
}

TEST(CheckJsonTest, ANumberThatIsTooLargeIsAnError) {
  EXPECT_EQ(ErrorOf("[1e999]"), "1:2: number overflow parsing '1e999'");
}

class BuildJsonTest : public ::testing::Test {
 protected:
  static gc::HeapOptions Options() {
    gc::HeapOptions options;
    options.max_heap_bytes = 256 * kMiB;
    options.verify = gc::Verify::kOn;
    options.stress.every = 1;
    options.stress.seed = 1;
    return options;
  }

  Value Build(std::string_view text) {
    const BuiltJson built = BuildJson(mutator_, text);
    objects_made_ = built.objects_made;
    return built.document;
  }
  static Value At(Value array, std::size_t i) { return Vector(array).item(i); }
  // The value of `key`, which the map has.
  Value At(Value map, std::string_view key) {
    const HandleScope scope(mutator_);
    const Local handle(mutator_, map);
    const Value name = runtime::MakeString(mutator_, key);
    return runtime::MapGet(Map(handle.get()), name);
  }

  Heap heap_{Options()};
  Mutator mutator_{heap_};
  std::uint64_t objects_made_ = 0;
};

TEST_F(BuildJsonTest, EachKindOfValueIsItsOwn) {
  const Value array =
      Build("[true, false, null, 7, -7, 0.5, \"text\", [], {}]");
  ASSERT_EQ(Vector(array).length(), 9u);
  EXPECT_TRUE(At(array, 0).IsTrue());
  EXPECT_TRUE(At(array, 1).IsFalse());
  EXPECT_TRUE(At(array, 2).IsNil());
  EXPECT_EQ(At(array, 3).integer(), 7);
  EXPECT_EQ(At(array, 4).integer(), -7);
  EXPECT_EQ(Float(At(array, 5)).number(), 0.5);
  EXPECT_EQ(String(At(array, 6)).text(), "text");
  EXPECT_EQ(Vector(At(array, 7)).length(), 0u);
  EXPECT_EQ(Map(At(array, 8)).count(), 0u);
}

TEST_F(BuildJsonTest, IntegersThatAreNotSmallBecomeFloats) {
  const Value array = Build(
      "[4611686018427387903, 4611686018427387904, -4611686018427387904, "
      "-4611686018427387905, 18446744073709551615]");
  EXPECT_EQ(At(array, 0).integer(), Value::kLargestInteger);
  EXPECT_EQ(Float(At(array, 1)).number(), 0x1p62);
  EXPECT_EQ(At(array, 2).integer(), Value::kSmallestInteger);
  EXPECT_EQ(Float(At(array, 3)).number(), -0x1p62);
  EXPECT_EQ(Float(At(array, 4)).number(), 0x1p64);
}

TEST_F(BuildJsonTest, ContainersHoldWhatTheyHoldInTheText) {
  const HandleScope scope(mutator_);
  const Local map(mutator_,
                  Build("{\"a\": [1, [2, {\"b\": 3}], 4], \"c\": {}}"));
  EXPECT_EQ(Map(map.get()).count(), 2u);
  const Local array(mutator_, At(map.get(), "a"));
  ASSERT_EQ(Vector(array.get()).length(), 3u);
  EXPECT_EQ(At(array.get(), 0).integer(), 1);
  EXPECT_EQ(At(At(At(array.get(), 1), 1), "b").integer(), 3);
  EXPECT_EQ(At(array.get(), 2).integer(), 4);
  EXPECT_EQ(Map(At(map.get(), "c")).count(), 0u);
}

TEST_F(BuildJsonTest, OfEqualKeysTheLastCounts) {
  const Value map = Build("{\"a\": 1, \"a\": 2}");
  EXPECT_EQ(Map(map).count(), 1u);
  EXPECT_EQ(At(map, "a").integer(), 2);
}

TEST_F(BuildJsonTest, EqualKeysOfADocumentAreOneString) {
  const Value array = Build("[{\"key\": 1}, {\"key\": 2}]");
  std::size_t first = 0;
  std::size_t second = 0;
  EXPECT_EQ(NextMapEntry(Map(At(array, 0)), first).key,
            NextMapEntry(Map(At(array, 1)), second).key);
}

TEST_F(BuildJsonTest, EachObjectThatIsMadeIsCounted) {
  std::string text = "[1.5, \"text\"";
  // Enough keys to make the table grow.
  for (int i = 0; i < 100; ++i) {
    text += (i == 0 ? ", {\"" : ", \"") + std::to_string(i) + "\": []";
  }
  text += "}]";
  Build(text);
  // Under this stress each allocation is a collection.
  EXPECT_EQ(objects_made_, heap_.collections(gc::CollectionKind::kMinor) +
                               heap_.collections(gc::CollectionKind::kMajor));
}

TEST(DeepJsonTest, NestingMayBeDeeperThanTheStack) {
  constexpr std::size_t kDepth = 100'000;
  gc::HeapOptions options;
  options.max_heap_bytes = 256 * kMiB;
  Heap heap(options);
  Mutator mutator(heap);
  const std::string text = std::string(kDepth, '[') + std::string(kDepth, ']');
  EXPECT_EQ(ErrorOf(text), "");
  const HandleScope scope(mutator);
  const Local document(mutator, BuildJson(mutator, text).document);
  mutator.Collect(gc::CollectionKind::kMajor);
  std::size_t depth = 1;
  for (Value array = document.get(); Vector(array).length() != 0;
       array = Vector(array).item(0)) {
    ++depth;
  }
  EXPECT_EQ(depth, kDepth);
}

}  // namespace
}  // namespace fledge::tools

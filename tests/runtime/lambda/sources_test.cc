#include "runtime/lambda/sources.h"

#include <gtest/gtest.h>

namespace fledge::lambda {
namespace {

TEST(SourcesTest, LinesEndAsTheyDoForTheLexer) {
  Sources sources;
  const SourceText text = sources.Add("lines", "one\ntwo\r\nthree\r\rfive");
  const char* const expected[] = {"one", "two", "three", "", "five", ""};
  for (std::uint32_t line = 1; line <= 6; ++line) {
    EXPECT_EQ(
        sources.LineOf({.source = text.source, .line = line, .column = 1}),
        expected[line - 1])
        << line;
  }
}

}  // namespace
}  // namespace fledge::lambda

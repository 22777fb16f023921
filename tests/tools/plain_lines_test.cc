#include "tools/fledge/plain_lines.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace fledge::tools {
namespace {

TEST(PlainLinesTest, TakesNotAByteMoreThanItsLines) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string text = "a b\n\nrest\nlast";
  ASSERT_EQ(write(ends[1], text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
  close(ends[1]);
  PlainLines lines(ends[0]);
  std::string line;
  EXPECT_EQ(lines.Read("", line), LineOutcome::kLine);
  EXPECT_EQ(line, "a b");
  EXPECT_EQ(lines.Read("", line), LineOutcome::kLine);
  EXPECT_EQ(line, "");
  char rest[5];
  ASSERT_EQ(read(ends[0], rest, sizeof rest), 5);
  EXPECT_EQ(std::string(rest, sizeof rest), "rest\n");
  EXPECT_EQ(lines.Read("", line), LineOutcome::kLine);
  EXPECT_EQ(line, "last");
  EXPECT_EQ(lines.Read("", line), LineOutcome::kEnd);
  close(ends[0]);
}

}  // namespace
}  // namespace fledge::tools

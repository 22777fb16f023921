#include "tools/fledge/line_history.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace fledge::tools {
namespace {

namespace fs = std::filesystem;

class LineHistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ("fledge_history_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    file_ = folder_ / "state/history";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Read() const {
    std::ifstream in(file_);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
  fs::path file_;
};

TEST_F(LineHistoryTest, WhatOnePromptAddsTheNextHas) {
  LineHistory first(file_);
  EXPECT_TRUE(first.lines().empty());
  EXPECT_TRUE(first.Add("(car x)"));
  EXPECT_TRUE(first.Add("(λ)"));
  EXPECT_EQ(LineHistory(file_).lines(),
            (std::vector<std::string>{"(car x)", "(λ)"}));
}

TEST_F(LineHistoryTest, PromptsThatAreOpenAtATimeLoseNothing) {
  LineHistory one(file_);
  LineHistory other(file_);
  one.Add("a");
  other.Add("b");
  one.Add("c");
  EXPECT_EQ(Read(), "a\nb\nc\n");
}

TEST_F(LineHistoryTest, RepetitionsBlanksAndWhatBeginsWithASpaceAreNotKept) {
  LineHistory history(file_);
  EXPECT_TRUE(history.Add("a"));
  for (const char* line : {"a", "", "  ", "\t", " secret"}) {
    EXPECT_FALSE(history.Add(line)) << line;
  }
  EXPECT_FALSE(LineHistory(file_).Add("a"));
  EXPECT_EQ(Read(), "a\n");
}

TEST_F(LineHistoryTest, ALongFileIsShortenedToItsLastLines) {
  constexpr std::size_t kLines = 2 * LineHistory::kMostLines;
  {
    LineHistory history(file_);
    for (std::size_t i = 0; i < kLines; ++i) history.Add(std::to_string(i));
  }
  const LineHistory history(file_);
  EXPECT_EQ(history.lines().size(), LineHistory::kMostLines);
  EXPECT_EQ(history.lines().back(), std::to_string(kLines - 1));
  EXPECT_EQ(LineHistory(file_).lines(), history.lines());
  EXPECT_TRUE(Read().starts_with(history.lines().front() + "\n"));
  EXPECT_EQ(std::distance(fs::directory_iterator(file_.parent_path()), {}), 1);
}

TEST_F(LineHistoryTest, TheFileIsItsOwnersAlone) {
  LineHistory(file_).Add("a");
  struct stat status {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(LineHistoryTest, WithoutAFileThatCanBeWrittenItGoesOn) {
  EXPECT_TRUE(LineHistory("").Add("a"));
  EXPECT_TRUE(LineHistory("/dev/null/history").Add("a"));
}

TEST_F(LineHistoryTest, ItsPlaceIsWhatTheEnvironmentSays) {
  setenv("HOME", "/home/x", 1);
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(HistoryFile(), "/state/fledge/history");
  setenv("XDG_STATE_HOME", "relative", 1);
  EXPECT_EQ(HistoryFile(), "/home/x/.local/state/fledge/history");
  unsetenv("XDG_STATE_HOME");
  unsetenv("HOME");
  EXPECT_EQ(HistoryFile(), "");
}

}  // namespace
}  // namespace fledge::tools

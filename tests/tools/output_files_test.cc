#include "tools/fledge/output_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>

namespace fledge::tools {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Optional;

class OutputFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(::testing::TempDir()) /
            ("output_files_" + std::to_string(getpid()));
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string Path(const std::string& name) const {
    return (root_ / name).string();
  }
  static std::string Content(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t CountFiles() const {
    return static_cast<std::size_t>(
        std::distance(fs::recursive_directory_iterator(root_), {}));
  }
  static OutputFiles::Writer Text(const std::string& text) {
    return [text](std::ostream& out) { out << text; };
  }
  static OutputFiles::Writer Failing() {
    return [](std::ostream& out) { out.setstate(std::ios::badbit); };
  }

  fs::path root_;
};

TEST_F(OutputFilesTest, TryingLeavesNothingBehind) {
  OutputFiles files;
  EXPECT_EQ(files.TryFolder("--out", Path("a/b/c/")), std::nullopt);
  EXPECT_EQ(files.TryFile("--json", Path("x.json")), std::nullopt);
  EXPECT_EQ(CountFiles(), 0u);
}

TEST_F(OutputFilesTest, WritingMakesTheFolderAndAllFiles) {
  OutputFiles files;
  ASSERT_EQ(files.TryFolder("--out", Path("a/b")), std::nullopt);
  files.Add(Path("a/b/one"), Text("1"));
  files.Add(Path("a/b/two"), Text("2"));
  ASSERT_EQ(files.WriteAll(), std::nullopt);
  EXPECT_EQ(Content(Path("a/b/one")), "1");
  EXPECT_EQ(Content(Path("a/b/two")), "2");
  EXPECT_EQ(CountFiles(), 4u);  // Two folders, two files.
}

TEST_F(OutputFilesTest, AFailureLeavesWhatWasThere) {
  std::ofstream(Path("one")) << "old";
  OutputFiles files;
  files.Add(Path("one"), Text("new"));
  files.Add(Path("two"), Failing());
  EXPECT_THAT(files.WriteAll(),
              Optional(HasSubstr("'" + Path("two") + "' cannot be written")));
  EXPECT_EQ(Content(Path("one")), "old");
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(OutputFilesTest, AFolderBelowAFileIsRefused) {
  std::ofstream(Path("file")) << "";
  OutputFiles files;
  EXPECT_EQ(files.TryFolder("--out", Path("file/folder")),
            "--out: '" + Path("file/folder") +
                "' cannot be written: Not a directory (give a folder that you "
                "may write to)");
}

TEST_F(OutputFilesTest, AFileInAFolderThatIsMissingIsRefused) {
  OutputFiles files;
  EXPECT_EQ(files.TryFile("--json", Path("no/x.json")),
            "--json: '" + Path("no/x.json") +
                "' cannot be written: No such file or directory (give a file "
                "that you may write to)");
}

TEST_F(OutputFilesTest, AFolderIsNoFile) {
  OutputFiles files;
  EXPECT_EQ(files.TryFile("--json", root_.string()),
            "--json: '" + root_.string() +
                "' cannot be written: it is a folder (try " +
                Path("summary.json") + ")");
}

TEST_F(OutputFilesTest, ALinkStaysALink) {
  std::ofstream(Path("target")) << "old";
  fs::create_symlink("target", Path("link"));
  OutputFiles files;
  files.Add(Path("link"), Text("new"));
  ASSERT_EQ(files.WriteAll(), std::nullopt);
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(Content(Path("target")), "new");
}

TEST_F(OutputFilesTest, ADeviceIsWrittenToAndNotReplaced) {
  OutputFiles files;
  EXPECT_EQ(files.TryFile("--json", "/dev/null"), std::nullopt);
  files.Add("/dev/null", Text("x"));
  EXPECT_EQ(files.WriteAll(), std::nullopt);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

}  // namespace
}  // namespace fledge::tools

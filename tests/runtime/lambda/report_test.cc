// What R7RS small says, by its sections: the examples of the files in
// tests/runtime/lambda/report, under every policy and as objects move all the
// time; and that there are all the names that the report has, each with an
// example. docs/lambda_conformance.md has the same as a table.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "runtime/lambda/library_sources.h"
#include "tests/runtime/lambda/program_test.h"
#include "tests/runtime/lambda/report_file.h"

namespace fledge::lambda {
namespace {

constexpr std::string_view kImports =
    "(import (scheme base) (scheme case-lambda) (scheme char)"
    " (scheme complex) (scheme cxr) (scheme eval) (scheme file)"
    " (scheme inexact) (scheme lazy) (scheme load)"
    " (scheme process-context) (scheme read) (scheme repl)"
    " (scheme time) (scheme write)"
    " (only (scheme r5rs) exact->inexact inexact->exact null-environment"
    " scheme-report-environment))";

std::string Replaced(std::string text, std::string_view word,
                     const std::string& by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != text.npos;
       at += by.size()) {
    text.replace(at, word.size(), by);
  }
  return text;
}

class ReportTest : public ProgramTest {
 protected:
  ReportTest() { std::filesystem::create_directories(folder_); }
  ~ReportTest() override { std::filesystem::remove_all(folder_); }

  // Of tests that run at the same time, each has its own.
  static std::string UniqueName() {
    std::string name =
        ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
    return name;
  }

  std::string Filled(const std::string& text) const {
    return Replaced(
        Replaced(text, "MANY",
                 IsMoving() || IsWithoutCollector() ? "1000" : "1000000"),
        "FOLDER", folder_);
  }

  // What a result says of it.
  std::string ResultOf(const std::string& path, const std::string& program) {
    const std::string text = Filled(program);
    const std::size_t begin = text.find_first_not_of(' ');
    const bool has_imports = text.compare(begin, 8, "(import ") == 0 ||
                             text.compare(begin, 16, "(define-library ") == 0;
    // Paths of included files are from the source's own.
    const SourceText source = session_.sources().Add(
        std::string(FLEDGE_SOURCE_DIR) + "/" + path,
        has_imports ? text : std::string(kImports) + text);
    try {
      const Value value = session_.RunProgram(source);
      if (!value.IsEmpty()) return WriteText(value);
    } catch (const SyntaxError& error) {
      what_ = error.what();
      return "error syntax-error";
    }
    const Value raised = vm_.TakeRaised();
    what_ = WriteText(raised);
    if (!Is(raised, ObjectType::kCondition)) return "raises " + what_;
    return "error " + DisplayText(runtime::Condition(raised).kind());
  }

  void ExpectExamplesHold(const std::string& path) {
    for (const ReportEntry& entry : ReadReportFile(path)) {
      for (const ReportExample& example : entry.examples) {
        what_.clear();
        EXPECT_EQ(ResultOf(path, example.program), Filled(example.result))
            << path << ":" << example.line << ": " << entry.names[0] << "\n"
            << example.program << what_;
      }
    }
  }

  const std::string folder_ = ::testing::TempDir() + "report_" + UniqueName();
  std::string what_;
};

TEST_P(ReportTest, ExamplesHold) {
  for (const std::string& path : ReportFiles()) ExpectExamplesHold(path);
}

// Whatever any library exports, and nothing else.
TEST(ReportNamesTest, LibrariesExportWhatAppendixAListsAndNothingElse) {
  // A program that uses nothing but (scheme r5rs) can define syntax.
  constexpr std::string_view kBesideAppendix[] = {
      "...", "=>", "_", "else", "syntax-rules", "unquote", "unquote-splicing"};
  std::map<std::string, std::set<std::string>> expected;
  std::map<std::string, std::set<std::string>> exported;
  for (const auto& names : ReportAppendix()) {
    expected[names[0]] = {names.begin() + 1, names.end()};
  }
  for (const std::string_view name : kBesideAppendix) {
    expected["(scheme r5rs)"].insert(std::string(name));
  }
  for (const auto& names : ExportsOf(kSchemeLibrary)) {
    exported[names[0]] = {names.begin() + 1, names.end()};
  }
  EXPECT_EQ(expected.size(), 16u);
  EXPECT_EQ(exported, expected);
}

TEST(ReportNamesTest, EveryNameOfALibraryHasAnEntry) {
  std::map<std::string, std::set<std::string>> entries;
  for (const std::string& path : ReportFiles()) {
    for (const ReportEntry& entry : ReadReportFile(path)) {
      const std::string place = path + ":" + std::to_string(entry.line);
      EXPECT_FALSE(entry.examples.empty()) << place << " has no example";
      if (entry.kind == "topic") continue;
      EXPECT_TRUE(entry.kind == "procedure" || entry.kind == "syntax" ||
                  entry.kind == "auxiliary")
          << place << ": what is a " << entry.kind << "?";
      for (const std::string& name : entry.names) {
        entries[entry.library].insert(name);
      }
    }
  }
  std::map<std::string, std::set<std::string>> expected;
  for (const auto& names : ReportAppendix()) {
    for (std::size_t i = 1; i < names.size(); ++i) {
      // Where R5RS has it too, its entry is that of the other library.
      const bool is_old =
          names[0] == "(scheme r5rs)" &&
          std::any_of(expected.begin(), expected.end(),
                      [&](const auto& library) {
                        return library.second.contains(names[i]);
                      });
      if (!is_old) expected[names[0]].insert(names[i]);
    }
  }
  EXPECT_EQ(entries, expected);
}

INSTANTIATE_TEST_SUITE_P(Heaps, ReportTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda

#include "tests/runtime/lambda/report_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fledge::lambda {
namespace {

constexpr std::string_view kFolder = "tests/runtime/lambda/report";
constexpr std::string_view kArrow = " ==> ";

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == text.npos) return "";
  return std::string(
      text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::ifstream Open(const std::string& path) {
  std::ifstream file(std::string(FLEDGE_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file) << path << ": cannot be read";
  return file;
}

// Where the list that begins at `begin` ends.
std::size_t EndOfList(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
  }
  ADD_FAILURE() << "a library has no end";
  return text.size();
}

}  // namespace

std::vector<std::string> ReportFiles() {
  std::vector<std::string> paths;
  const std::string root = std::string(FLEDGE_SOURCE_DIR) + "/";
  for (const auto& file :
       std::filesystem::directory_iterator(root + std::string(kFolder))) {
    if (file.path().extension() != ".txt") continue;
    paths.push_back(std::string(kFolder) + "/" +
                    file.path().filename().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<ReportEntry> ReadReportFile(const std::string& path) {
  std::ifstream file = Open(path);
  std::vector<ReportEntry> entries;
  std::string library;
  ReportExample example;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.starts_with(';')) continue;
    if (line.starts_with(' ')) {
      const std::string text = Trimmed(line);
      if (entries.empty()) {
        ADD_FAILURE() << path << ":" << number << ": an example of no entry";
        continue;
      }
      if (example.program.empty()) {
        if (text.starts_with("remark ")) continue;
        example.line = number;
      }
      const std::size_t arrow = line.rfind(kArrow);
      example.program += line.substr(0, arrow) + "\n";
      if (arrow == line.npos) continue;
      example.result = Trimmed(line.substr(arrow + kArrow.size()));
      entries.back().examples.push_back(std::move(example));
      example = {};
      continue;
    }
    EXPECT_TRUE(example.program.empty())
        << path << ":" << number << ": the example above has no result";
    std::vector<std::string> words = Words(line);
    if (words[0] == "library") library = Trimmed(line.substr(words[0].size()));
    if (words[0] == "library" || words[0] == "section") continue;
    ReportEntry entry;
    entry.line = number;
    entry.kind = words[0];
    entry.library = library;
    entry.names.assign(words.begin() + 1, words.end());
    entries.push_back(std::move(entry));
  }
  EXPECT_TRUE(example.program.empty())
      << path << ":" << number << ": the last example has no result";
  return entries;
}

std::vector<std::vector<std::string>> ReportAppendix() {
  std::ifstream file = Open(std::string(kFolder) + "/appendix_a.names");
  std::vector<std::vector<std::string>> libraries;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with(';')) continue;
    if (line.starts_with('(')) {
      libraries.push_back({line});
    } else {
      for (std::string& name : Words(line)) libraries.back().push_back(name);
    }
  }
  return libraries;
}

std::vector<std::vector<std::string>> ExportsOf(std::string_view definitions) {
  constexpr std::string_view kDefinition = "(define-library ";
  std::vector<std::vector<std::string>> libraries;
  std::size_t at = 0;
  while ((at = definitions.find(kDefinition, at)) != definitions.npos) {
    at += kDefinition.size();
    const std::size_t end = EndOfList(definitions, at);
    std::vector<std::string> names = {
        std::string(definitions.substr(at, end - at))};
    const std::size_t exports = definitions.find("(export ", end);
    const std::size_t last = EndOfList(definitions, exports);
    std::string text(definitions.substr(exports + 8, last - exports - 9));
    std::replace(text.begin(), text.end(), ')', ' ');
    const std::vector<std::string> words = Words(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == "(rename") i += 2;
      names.push_back(words[i]);
    }
    libraries.push_back(std::move(names));
    at = last;
  }
  return libraries;
}

}  // namespace fledge::lambda

// Report file: examples of what R7RS says, as the files of
// tests/runtime/lambda/report have them, one file for each section.
//
//   section 6.4 Pairs and lists
//   library (scheme base)
//
//   procedure car                 ; or: syntax if, auxiliary else, topic
//   hygiene
//     (car '(a b)) ==> a          ; the last value, as write writes it
//     (car '()) ==> error wrong-type
//     (raise 'x) ==> raises x     ; what is no condition
//     remark What Lambda chooses where the report leaves a choice.
//
// An example goes on until the line with its result. Each is a program with the
// libraries of R7RS, unless it begins with an import or a library of its own.
// In it, MANY is a number as large as the test can bear, and FOLDER a folder of
// the test's own. Lines that begin with ; are comments.
//
// Threads: plain data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fledge::lambda {

struct ReportExample {
  std::size_t line = 0;
  std::string program;
  std::string result;
};

struct ReportEntry {
  std::size_t line = 0;
  std::string kind;
  std::string library;
  std::vector<std::string> names;  // Of a topic, its words.
  std::vector<ReportExample> examples;
};

// The paths of all files, from the root of the checkout and sorted.
std::vector<std::string> ReportFiles();

// Of one of them; what is wrong in it is a failure of the test.
std::vector<ReportEntry> ReadReportFile(const std::string& path);

// The names of each library in appendix A of the report, in a list whose first
// item is the library, as "(scheme base)".
std::vector<std::vector<std::string>> ReportAppendix();

// The same of the definitions of libraries in a text, as they are known
// outside.
std::vector<std::vector<std::string>> ExportsOf(std::string_view definitions);

}  // namespace fledge::lambda

// Console: what the program prints, and how it ends.
//
// Results go to stdout, all else to stderr. An error is one line that says
// what was wrong, where, and what would be right, whatever bytes the user's
// text in it has.
//
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fledge::tools {

enum class ExitStatus : std::uint8_t {
  kOk = 0,
  kFailed = 1,         // The program's own error, or a stress run's.
  kBadInput = 2,       // What the user asked for cannot be done.
  kInterrupted = 130,  // By SIGINT, as shells count it.
};

// Call first. Sees to it that the numbers of stdin, stdout and stderr are
// taken: a program that is started with stdout closed would otherwise print
// into the first file that it opens.
void ClaimStandardStreams();

// Prints to stdout, and flushes: what was said stays said if a heap aborts.
void Print(std::string_view text);

// Shows `line` in place of what it showed before, until something else is
// printed or the line is empty; only if stderr is a terminal.
inline constexpr std::string_view kClearLine = "\r\x1b[K";
void ShowProgressLine(std::string_view line);
bool progress_line_shown();  // Also for signal handlers.

// Prints a line to stderr that is not an error.
void PrintNote(std::string_view note);

// Prints "fledge: MESSAGE" to stderr, as one line.
void PrintError(std::string_view message);

// The same, and the status to return.
[[nodiscard]] ExitStatus BadInput(std::string_view message);
[[nodiscard]] ExitStatus Failed(std::string_view message);

// `status`, or kFailed after a message if some text did not get to stdout.
[[nodiscard]] ExitStatus StatusAfterPrinting(ExitStatus status);

// A path in quotes, whole: unlike a value it cannot be guessed from its start.
std::string QuotePath(std::string_view path);

}  // namespace fledge::tools

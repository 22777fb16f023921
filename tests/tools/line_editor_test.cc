// Types at the prompt of the program, on a terminal of its own.
#include "tools/fledge/line_editor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace fledge::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInterruptKey = "\x03";
constexpr const char* kEndKey = "\x04";
constexpr const char* kUpKey = "\x1b[A";
constexpr int kPatienceMs = 20'000;

// `fledge repl` on a terminal.
class TypedRepl {
 public:
  explicit TypedRepl(const fs::path& state) {
    child_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (child_ == 0) {
      signal(SIGINT, SIG_DFL);
      setenv("TERM", "xterm", 1);
      setenv("XDG_STATE_HOME", state.c_str(), 1);
      unsetenv("FLEDGE_GC");
      execl(FLEDGE_PROGRAM, FLEDGE_PROGRAM, "repl", nullptr);
      _exit(98);
    }
  }
  ~TypedRepl() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    close(terminal_);
  }

  void Type(std::string_view keys) {
    ASSERT_EQ(write(terminal_, keys.data(), keys.size()),
              static_cast<ssize_t>(keys.size()));
  }

  // Waits for `part` in what is shown after what was expected before.
  void Expect(std::string_view part) {
    std::size_t at = 0;
    while ((at = shown_.find(part)) == std::string::npos) {
      pollfd asked = {terminal_, POLLIN, 0};
      char bytes[4096];
      ssize_t count = 0;
      if (poll(&asked, 1, kPatienceMs) > 0) {
        count = read(terminal_, bytes, sizeof bytes);
      }
      ASSERT_GT(count, 0) << "no " << part << " in " << shown_;
      shown_.append(bytes, static_cast<std::size_t>(count));
    }
    shown_.erase(0, at + part.size());
  }

  // Whether it ends within that time; reads what it shows.
  bool Ends(std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (child_ > 0 && std::chrono::steady_clock::now() < end) {
      pollfd asked = {terminal_, POLLIN, 0};
      char bytes[4096];
      if (poll(&asked, 1, 1) > 0) {
        [[maybe_unused]] const ssize_t count =
            read(terminal_, bytes, sizeof bytes);
      }
      int status = 0;
      if (waitpid(child_, &status, WNOHANG) != child_) continue;
      child_ = 0;
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    return child_ == 0;
  }
  int status() const { return status_; }

  // Its exit status, when it has ended.
  int Wait() {
    EXPECT_TRUE(Ends(std::chrono::milliseconds(kPatienceMs)));
    return status_;
  }

 private:
  int terminal_ = -1;
  pid_t child_ = 0;
  int status_ = -1;
  std::string shown_;
};

class LineEditorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    state_ = fs::path(::testing::TempDir()) /
             ("fledge_editor_" + std::to_string(getpid()));
    fs::remove_all(state_);
  }
  void TearDown() override { fs::remove_all(state_); }

  fs::path state_;
};

TEST_F(LineEditorTest, GreetsPromptsAndLeavesAtTheEnd) {
  TypedRepl repl(state_);
  repl.Expect("Lambda on Fledge");
  repl.Expect("1> ");
  repl.Type("(+ 1 2)\r");
  repl.Expect("\r\n3\r\n");
  repl.Expect("2> ");
  repl.Type("(list 1\r");
  repl.Expect(" | ");
  repl.Type("2)\r");
  repl.Expect("(1 2)\r\n");
  repl.Expect("3> ");
  repl.Type(kEndKey);
  EXPECT_EQ(repl.Wait(), 0);
}

TEST_F(LineEditorTest, TheInterruptKeyDropsALineAndInterruptsAProgram) {
  TypedRepl repl(state_);
  repl.Expect("1> ");
  repl.Type("(car 'dropped");
  repl.Expect("dropped");
  repl.Type(kInterruptKey);
  repl.Expect("^C\r\n");
  repl.Expect("1> ");
  repl.Type("(begin (display \"begun\\n\") (let loop () (loop)))\r");
  repl.Expect("\nbegun");
  repl.Type(kInterruptKey);
  repl.Expect("interrupted by the user");
  repl.Expect("2> ");
  repl.Type("(* 111 3)\r");
  repl.Expect("333\r\n");
  repl.Expect("3> ");
  repl.Type("(exit 7)\r");
  EXPECT_EQ(repl.Wait(), 7);
}

TEST_F(LineEditorTest, TheInterruptKeyEndsTheWaitForALine) {
  TypedRepl repl(state_);
  repl.Expect("1> ");
  repl.Type("(begin (display \"waits\\n\") (read-line))\r");
  repl.Expect("\nwaits");
  repl.Type(kInterruptKey);
  repl.Expect("interrupted by the user");
  repl.Expect("2> ");
  repl.Type("(* 111 3)\r");
  repl.Expect("333\r\n");
}

TEST_F(LineEditorTest, RepeatedInterruptsEndWhatDoesNotStop) {
  TypedRepl repl(state_);
  repl.Expect("1> ");
  repl.Type(
      "(let again () (guard (e (#t (again))) (display \"goes on\\n\")"
      " (let loop () (loop))))\r");
  repl.Expect("\ngoes on");
  // Signals that come at once are one.
  while (!repl.Ends(std::chrono::milliseconds(50))) repl.Type(kInterruptKey);
  EXPECT_EQ(repl.status(), 130);
}

TEST_F(LineEditorTest, TabCompletesNames) {
  TypedRepl repl(state_);
  repl.Expect("1> ");
  repl.Type("(define some-long-name 41)\r");
  repl.Expect("2> ");
  repl.Type("(+ 1 some-lo\t)\r");
  repl.Expect("\n42\r\n");
  repl.Expect("3> ");
  repl.Type("string->n\t");
  repl.Expect("umber");
  repl.Type("\x15string->\t");
  repl.Expect("string->symbol");
}

TEST_F(LineEditorTest, LinesAreKeptForTheNextPrompt) {
  {
    TypedRepl repl(state_);
    repl.Expect("1> ");
    repl.Type("(* 11 11)\r");
    repl.Expect("\n121\r\n");
    repl.Expect("2> ");
    repl.Type(kEndKey);
    EXPECT_EQ(repl.Wait(), 0);
  }
  TypedRepl repl(state_);
  repl.Expect("1> ");
  repl.Type(kUpKey);
  repl.Expect("(* 11 11)");
  repl.Type("\r");
  repl.Expect("\n121\r\n");
}

TEST_F(LineEditorTest, CharactersOfSeveralBytesAreOne) {
  TypedRepl repl(state_);
  repl.Expect("1> ");
  // Deletes the last one.
  repl.Type("(string-length \"\u03bb\u00e4\u20ac\x7f\")\r");
  repl.Expect("\n2\r\n");
}

}  // namespace
}  // namespace fledge::tools

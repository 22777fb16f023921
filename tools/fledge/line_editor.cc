#include "tools/fledge/line_editor.h"

#include <histedit.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <utility>

#include "tools/fledge/completion.h"
#include "tools/fledge/units.h"
#include "tools/fledge/user_interrupt.h"

namespace fledge::tools {
namespace {

// Set by signals, which come while a key is waited for.
std::atomic<bool> has_new_size = false;
std::atomic<bool> was_stopped = false;

void HandleTerminal(int signal) {
  auto& flag = signal == SIGWINCH ? has_new_size : was_stopped;
  flag.store(true, std::memory_order_relaxed);
}

// While it lives, signals that the prompt reacts to come in Wait() only, so
// that none is missed between a look at what it has set and the wait.
class SignalsHeldBack {
 public:
  SignalsHeldBack() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGWINCH, SIGCONT}) {
      sigaddset(&held, signal);
    }
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~SignalsHeldBack() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

  // Until stdin can be read, or a signal has come: false.
  bool Wait() const {
    pollfd asked = {STDIN_FILENO, POLLIN, 0};
    return ppoll(&asked, 1, nullptr, &before_) >= 0;
  }

 private:
  sigset_t before_;
};

// Keys that libedit leaves out or has for something else.
constexpr std::pair<const char*, const char*> kKeys[] = {
    {"\t", "fledge-complete"},         {"^R", "em-inc-search-prev"},
    {"\\e[3~", "ed-delete-next-char"}, {"\\e[1;5C", "em-next-word"},
    {"\\e[1;5D", "ed-prev-word"},      {"\\e[1~", "ed-move-to-beg"},
    {"\\e[4~", "ed-move-to-end"},      {"\\e[H", "ed-move-to-beg"},
    {"\\e[F", "ed-move-to-end"},       {"\\eOH", "ed-move-to-beg"},
    {"\\eOF", "ed-move-to-end"},
};

}  // namespace

struct LineEditor::State {
  explicit State(LineHistory lines) : file(std::move(lines)) {}

  static State& Of(EditLine* editor) {
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return *static_cast<State*>(data);
  }
  // For libedit.
  static char* Prompt(EditLine* editor) { return Of(editor).prompt.data(); }
  static int ReadKey(EditLine* editor, wchar_t* key);
  static unsigned char Complete(EditLine* editor, int);

  void Remember(const std::string& line) {
    HistEvent event;
    ::history(history, &event, H_ENTER, line.c_str());
  }

  LineHistory file;
  EditLine* editor = nullptr;
  History* history = nullptr;
  std::string prompt;
  Completer completer;
  bool is_interrupted = false;
  struct sigaction before_size {};
  struct sigaction before_going_on {};
};

// One character, of UTF-8; libedit has no way to give up a line on a signal.
int LineEditor::State::ReadKey(EditLine* editor, wchar_t* key) {
  State& state = Of(editor);
  const SignalsHeldBack signals;
  std::mbstate_t decoder{};
  while (true) {
    if (UserInterrupt::TakeAtPrompt()) {
      state.is_interrupted = true;
      errno = EINTR;
      return -1;
    }
    if (has_new_size.exchange(false)) el_resize(editor);
    if (was_stopped.exchange(false)) {
      // The shell has changed the terminal meanwhile.
      el_set(editor, EL_PREP_TERM, 0);
      el_set(editor, EL_PREP_TERM, 1);
      el_set(editor, EL_REFRESH);
    }
    if (!signals.Wait()) continue;
    char byte = 0;
    const ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return static_cast<int>(count);
    const std::size_t used = std::mbrtowc(key, &byte, 1, &decoder);
    if (used == static_cast<std::size_t>(-2)) continue;
    if (used == static_cast<std::size_t>(-1)) {
      // No character: it is left out.
      decoder = {};
      continue;
    }
    return 1;
  }
}

unsigned char LineEditor::State::Complete(EditLine* editor, int) {
  State& state = Of(editor);
  const LineInfo* const info = el_line(editor);
  const std::string_view line(
      info->buffer, static_cast<std::size_t>(info->cursor - info->buffer));
  const std::string_view word = WordAtEnd(line);
  if (word.empty())
    return el_insertstr(editor, "  ") == 0 ? CC_REFRESH : CC_ERROR;
  if (!state.completer) return CC_ERROR;
  std::vector<std::string> words = state.completer(line, word);
  if (words.empty()) return CC_ERROR;
  std::string more = CommonBegin(words).substr(word.size());
  if (words.size() == 1) more += " ";
  if (!more.empty()) {
    return el_insertstr(editor, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  }
  int columns = 0;
  if (el_get(editor, EL_GETTC, "co", &columns) != 0 || columns <= 0) {
    columns = 80;
  }
  const std::string list =
      "\n" + WordColumns(words, static_cast<std::size_t>(columns));
  std::fputs(list.c_str(), stdout);
  return CC_REDISPLAY;
}

LineEditor::LineEditor(LineHistory history)
    : state_(std::make_unique<State>(std::move(history))) {
  // Programs are in UTF-8 whatever the locale says.
  std::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");

  State& state = *state_;
  state.history = history_init();
  HistEvent event;
  ::history(state.history, &event, H_SETSIZE,
            static_cast<int>(LineHistory::kMostLines));
  ::history(state.history, &event, H_SETUNIQUE, 1);
  for (const std::string& line : state.file.lines()) state.Remember(line);

  EditLine* const editor = el_init("fledge", stdin, stdout, stderr);
  state.editor = editor;
  el_set(editor, EL_CLIENTDATA, &state);
  el_set(editor, EL_SIGNAL, 0);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_PROMPT, State::Prompt);
  el_set(editor, EL_HIST, ::history, state.history);
  el_set(editor, EL_GETCFN, State::ReadKey);
  // Of narrow strings it would make copies that it never frees.
  el_wset(editor, EL_ADDFN, L"fledge-complete", L"Completes a name",
          State::Complete);
  for (const auto& [key, function] : kKeys) {
    el_set(editor, EL_BIND, key, function, nullptr);
  }
  el_source(editor, nullptr);

  struct sigaction action {};
  action.sa_handler = HandleTerminal;
  sigaction(SIGWINCH, &action, &state.before_size);
  sigaction(SIGCONT, &action, &state.before_going_on);
}

LineEditor::~LineEditor() {
  sigaction(SIGWINCH, &state_->before_size, nullptr);
  sigaction(SIGCONT, &state_->before_going_on, nullptr);
  el_end(state_->editor);
  history_end(state_->history);
}

void LineEditor::set_completer(Completer completer) {
  state_->completer = std::move(completer);
}

LineOutcome LineEditor::Read(const std::string& prompt, std::string& line) {
  State& state = *state_;
  state.prompt = prompt;
  state.is_interrupted = false;
  int bytes = 0;
  // libedit itself shows the prompt before: a key typed between would be the
  // terminal's, and the end key lost.
  el_set(state.editor, EL_PREP_TERM, 1);
  const char* const typed = el_gets(state.editor, &bytes);
  if (state.is_interrupted) {
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    return LineOutcome::kInterrupted;
  }
  if (typed == nullptr || bytes <= 0) {
    std::fputs("\n", stdout);
    std::fflush(stdout);
    return LineOutcome::kEnd;
  }
  line = typed;
  if (line.ends_with('\n')) line.pop_back();
  if (state.file.Add(line)) state.Remember(line);
  return LineOutcome::kLine;
}

}  // namespace fledge::tools

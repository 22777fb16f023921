#include "tools/fledge/child_run.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tools/fledge/console.h"
#include "tools/fledge/record_transfer.h"
#include "tools/fledge/workload_run.h"

namespace fledge::tools {
namespace {

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string ReadAll(int file) {
  std::string bytes;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t count = read(file, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

[[noreturn]] void RunAndExit(const RunRequest& request,
                             const gc::HeapOptions& options,
                             OnFailure on_failure, int to_parent) {
  // The parent answers for an interrupt.
  std::signal(SIGINT, SIG_DFL);
  if (on_failure == OnFailure::kSilent) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  }
  bool sent = false;
  try {
    sent = WriteAll(to_parent, RecordBytes(RunWorkload(request, options)));
  } catch (const std::exception& error) {
    PrintError(error.what());
  }
  std::fflush(stderr);
  _exit(static_cast<int>(sent ? ExitStatus::kOk : ExitStatus::kFailed));
}

}  // namespace

std::optional<RunRecord> RunInChild(const RunRequest& request,
                                    const gc::HeapOptions& options,
                                    OnFailure on_failure) {
  std::fflush(stdout);
  std::fflush(stderr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for a run (see ulimit -n)");
  }
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    throw std::runtime_error("no process for a run (see ulimit -u)");
  }
  if (child == 0) RunAndExit(request, options, on_failure, ends[1]);
  close(ends[1]);
  const std::string bytes = ReadAll(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return RecordFromBytes(bytes);
}

}  // namespace fledge::tools

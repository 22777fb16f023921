// Checks, graded by cost: what holds always, in debug, in verifying builds.
//
//   FLEDGE_CHECK       always on: a bug of ours, or misuse that would corrupt.
//   FLEDGE_DCHECK      on in debug builds: cheap but on a hot path.
//   FLEDGE_SLOW_CHECK  on in debug builds: O(heap) or O(block).
//
// Each takes a condition and, if more can be said than the condition says, a
// message that names the likely mistake. A failed check prints one line and
// aborts: a heap that is wrong must not go on.
#pragma once

namespace fledge {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const char* message);

}  // namespace fledge

#define FLEDGE_CHECK(condition, ...)                           \
  (static_cast<bool>(condition)                                \
       ? static_cast<void>(0)                                  \
       : ::fledge::CheckFailed(__FILE__, __LINE__, #condition, \
                               "" __VA_ARGS__))

#ifdef NDEBUG
#define FLEDGE_DCHECK(condition, ...) \
  static_cast<void>(sizeof(static_cast<bool>(condition)))
#define FLEDGE_SLOW_CHECK(condition, ...) \
  static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define FLEDGE_DCHECK(condition, ...) \
  FLEDGE_CHECK(condition __VA_OPT__(, ) __VA_ARGS__)
#define FLEDGE_SLOW_CHECK(condition, ...) \
  FLEDGE_CHECK(condition __VA_OPT__(, ) __VA_ARGS__)
#endif

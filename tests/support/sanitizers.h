// Whether a sanitizer slows this build down: by ten to twenty times, so that
// tests that are long for their number of repetitions make fewer there.
//
// Threads: constants only.
#pragma once

#include <cstdint>

namespace fledge {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitized = true;
#else
inline constexpr bool kThreadSanitized = false;
#endif

// ThreadSanitizer slows the heap verifier down most of all, which reads every
// word of a heap twice a collection. What it finds, it finds in other builds;
// tests that come in variants leave it out of this one.
inline constexpr bool kVerifies = !kThreadSanitized;

// Repetitions of what is worth `usual` ones in other builds.
constexpr std::uint64_t Repetitions(std::uint64_t usual) {
  return kSanitized ? usual / 10 : usual;
}

}  // namespace fledge

// Option text: numbers, sizes and names as people write them, and the words
// that tell them what they wrote wrong.
//
// Messages repeat what was written, so that it is found again; it may be any
// bytes, and a message is one short line of ASCII all the same.
//
// Design: docs/design/heap.md. Threads: all functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fledge::gc {

// `text` in single quotes, at most kLongestQuote bytes of it; what is not
// printable ASCII, quotes and backslashes appear as "\x0a".
inline constexpr std::size_t kLongestQuote = 40;
std::string Quote(std::string_view text);

// "(did you mean 'nursery'? known: policy, nursery)"; without the question if
// `text` is like none of `names`. Costs O(text * names), of short texts only.
std::string KnownNames(std::string_view text,
                       std::span<const std::string_view> names);

enum class NumberFault : std::uint8_t { kNone, kNotANumber, kTooLarge };

// Sets `number` to what `text` says: decimal digits and nothing else, no sign
// and no space. On a fault `number` is unchanged.
NumberFault ParseNumber(std::string_view text, std::uint64_t& number);

// The same for a size in bytes, which may end in K, M or G: times 2^10, 2^20
// or 2^30. ParseSize() of gc/heap_options.h is this without the fault.
NumberFault ParseSizeOrFault(std::string_view text, std::size_t& size_bytes);

// The same for a time in nanoseconds, which must end in us, ms or s.
NumberFault ParseDuration(std::string_view text, std::int64_t& duration_ns);

// The shortest text that ParseSizeOrFault() reads as `size_bytes`.
std::string SizeText(std::size_t size_bytes);

// A right size that `text`, which is none, seems to mean ("32M" for "32mb"),
// or `example`.
std::string SuggestedSize(std::string_view text, std::string_view example);

}  // namespace fledge::gc

// Addresses and ranges of them: the words every part of Fledge speaks.
//
// An Address is an integer, not a pointer: collectors compute with addresses
// of memory that holds no C++ object, and integers may be subtracted,
// shifted and compared across objects without leaving the language.
//
// Design: docs/design/memory.md.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace fledge {

using Address = std::uintptr_t;

inline constexpr Address kNullAddress = 0;

inline constexpr std::size_t kKiB = std::size_t{1} << 10;
inline constexpr std::size_t kMiB = std::size_t{1} << 20;
inline constexpr std::size_t kGiB = std::size_t{1} << 30;

// The OS page that Fledge asks in. Larger OS pages are refused at start-up.
inline constexpr std::size_t kPageBytes = 4096;

constexpr bool IsAligned(std::uint64_t value, std::size_t alignment) {
  return (value & (alignment - 1)) == 0;
}
constexpr std::uint64_t AlignDown(std::uint64_t value, std::size_t alignment) {
  return value & ~(std::uint64_t{alignment} - 1);
}
constexpr std::uint64_t AlignUp(std::uint64_t value, std::size_t alignment) {
  return AlignDown(value + alignment - 1, alignment);
}

// `bytes` bytes from `begin`. Half open: end() is the first address outside.
struct AddressRange {
  Address begin = kNullAddress;
  std::size_t bytes = 0;

  constexpr Address end() const { return begin + bytes; }
  constexpr bool empty() const { return bytes == 0; }

  // One subtraction and one comparison; true for no address if empty().
  constexpr bool Contains(Address address) const {
    return address - begin < bytes;
  }
  constexpr bool Contains(AddressRange other) const {
    return other.begin >= begin && other.end() <= end();
  }
  constexpr AddressRange Intersect(AddressRange other) const {
    const Address first = begin > other.begin ? begin : other.begin;
    const Address last = end() < other.end() ? end() : other.end();
    return first < last ? AddressRange{first, last - first} : AddressRange{};
  }
  constexpr bool operator==(const AddressRange&) const = default;
};

constexpr AddressRange RangeBetween(Address begin, Address end) {
  return {begin, end - begin};
}

}  // namespace fledge

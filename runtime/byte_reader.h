// ByteReader: reads numbers from bytes that may be anything.
//
// Reading past the end yields zero and is remembered, so that a parser checks
// once after a group of fields instead of before each. All numbers are
// little-endian; variable ones are LEB128, as in DWARF.
//
// Design: docs/design/stack_maps.md.
//
// Invariants:
//   [sm.bounds]  No byte outside of the span is read, whatever the bytes say.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fledge::runtime {

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  // Whether all that was read was there, and every LEB128 number fitted.
  bool ok() const { return ok_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

  std::uint8_t U8() { return static_cast<std::uint8_t>(Little(1)); }
  std::uint16_t U16() { return static_cast<std::uint16_t>(Little(2)); }
  std::uint32_t U32() { return static_cast<std::uint32_t>(Little(4)); }
  std::uint64_t U64() { return Little(8); }
  std::int32_t I32() { return static_cast<std::int32_t>(U32()); }

  std::uint64_t Leb128() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = U8();
      const std::uint64_t bits = byte & 0x7f;
      if (shift == 63 && bits > 1) break;  // Beyond 64 bits.
      number |= bits << shift;
      if ((byte & 0x80) == 0) return number;
    }
    ok_ = false;
    return 0;
  }

  std::string_view Text(std::size_t bytes) {
    if (bytes > left()) {
      Fail();
      return {};
    }
    const auto* text = reinterpret_cast<const char*>(bytes_.data() + at_);
    at_ += bytes;
    return {text, bytes};
  }
  void Skip(std::size_t bytes) { Text(bytes); }
  // Up to the next multiple of `alignment`, counted from the span's begin.
  void AlignTo(std::size_t alignment) {
    Skip((alignment - at_ % alignment) % alignment);
  }

 private:
  std::uint64_t Little(std::size_t bytes) {
    if (bytes > left()) {
      Fail();
      return 0;
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      number |= static_cast<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    }
    at_ += bytes;
    return number;
  }
  void Fail() {
    ok_ = false;
    at_ = bytes_.size();
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace fledge::runtime

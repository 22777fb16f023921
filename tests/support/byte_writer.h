// ByteWriter: little-endian bytes for tests of parsers, as a compiler or a
// linker would have written them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fledge {

class ByteWriter {
 public:
  ByteWriter& U8(std::uint64_t number) { return Little(number, 1); }
  ByteWriter& U16(std::uint64_t number) { return Little(number, 2); }
  ByteWriter& U32(std::uint64_t number) { return Little(number, 4); }
  ByteWriter& U64(std::uint64_t number) { return Little(number, 8); }
  ByteWriter& Text(std::string_view text) {
    return Bytes(std::as_bytes(std::span(text)));
  }
  ByteWriter& Bytes(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ByteWriter& Zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  ByteWriter& AlignTo(std::size_t alignment) {
    return Zeros((alignment - bytes_.size() % alignment) % alignment);
  }

  std::size_t size() const { return bytes_.size(); }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  ByteWriter& Little(std::uint64_t number, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      bytes_.push_back(static_cast<std::byte>(number >> (8 * i)));
    }
    return *this;
  }

  std::vector<std::byte> bytes_;
};

}  // namespace fledge

// EhFrame: a section .eh_frame that a test lays out, in memory where it stays:
// addresses in it are relative to themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "allocator/base/address.h"

namespace fledge::runtime {

class EhFrame {
 public:
  explicit EhFrame(std::span<std::byte> memory) : memory_(memory) {}

  // A common part: the return address is at cfa-8, and cfa is sp+8. `encoding`
  // is that of addresses.
  void AddCommon(std::uint8_t encoding = 0x1b) {
    common_ = size_;
    Entry([&] {
      Word(0);
      for (const int byte : {1, int{'z'}, int{'R'}, 0, 1, 0x78, 16, 1,
                             int{encoding}, 0x0c, 7, 8, 0x90, 1}) {
        Byte(byte);
      }
    });
  }
  // A function whose frame has `words` words while it calls: the return
  // address, and the caller's frame pointer next to it if it saves that.
  enum class FramePointer : std::uint8_t { kIsNotTouched, kIsSaved };
  void AddFunction(AddressRange function, int words,
                   FramePointer pointer = FramePointer::kIsNotTouched) {
    Entry([&] {
      Word(static_cast<std::uint32_t>(size_ - common_));
      Word(static_cast<std::uint32_t>(function.begin - AddressOf(size_)));
      Word(static_cast<std::uint32_t>(function.bytes));
      Byte(0);     // No more than that.
      Byte(0x0e);  // The offset of cfa from sp,
      Byte(8 * words);
      if (pointer == FramePointer::kIsSaved) {
        Byte(0x86);  // and rbp is at cfa-16.
        Byte(2);
      }
    });
  }
  void AddEnd() { Word(0); }

  std::span<const std::byte> bytes() const { return memory_.first(size_); }

 private:
  Address AddressOf(std::size_t at) const {
    return reinterpret_cast<Address>(memory_.data()) + at;
  }
  void Byte(int byte) { memory_[size_++] = static_cast<std::byte>(byte); }
  void Word(std::uint32_t word) {
    std::memcpy(memory_.data() + size_, &word, sizeof(word));
    size_ += sizeof(word);
  }
  template <typename Content>
  void Entry(Content&& content) {
    const std::size_t begin = size_;
    Word(0);
    content();
    while (size_ % sizeof(Address) != 0) Byte(0);
    const auto length = static_cast<std::uint32_t>(size_ - begin - 4);
    std::memcpy(memory_.data() + begin, &length, sizeof(length));
  }

  const std::span<std::byte> memory_;
  std::size_t size_ = 0;
  std::size_t common_ = 0;
};

}  // namespace fledge::runtime

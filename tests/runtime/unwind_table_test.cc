// Tables are laid out by hand, for functions at addresses where nothing is:
// walking by table reads the stack and the table, never the code.

#include "runtime/unwind_table.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "runtime/frame.h"
#include "runtime/unwind_table_walker.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

constexpr std::size_t kFunctionBytes = 64;

// Bytes of a section .eh_frame, where they stay.
class Section {
 public:
  Section() : bytes_(4096) {}

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
  // A function whose frame has `words` words, return address included.
  void AddFunction(Address begin, int words) {
    Entry([&] {
      Word(static_cast<std::uint32_t>(size_ - common_));
      Word(static_cast<std::uint32_t>(begin - AddressOf(size_)));
      Word(kFunctionBytes);
      Byte(0);     // No more than that.
      Byte(0x0e);  // The offset of cfa from sp,
      Byte(8 * words);
    });
  }
  void AddEnd() { Word(0); }

  std::span<const std::byte> bytes() const { return {bytes_.data(), size_}; }
  std::span<std::byte> mutable_bytes() { return {bytes_.data(), size_}; }
  // Near the table, as addresses in it are relative and have four bytes.
  Address NearBy() const { return AddressOf(0) + (Address{1} << 28); }

 private:
  Address AddressOf(std::size_t at) const {
    return reinterpret_cast<Address>(bytes_.data()) + at;
  }
  void Byte(int byte) { bytes_[size_++] = static_cast<std::byte>(byte); }
  void Word(std::uint32_t word) {
    std::memcpy(bytes_.data() + size_, &word, sizeof(word));
    size_ += sizeof(word);
  }
  template <typename Content>
  void Entry(Content&& content) {
    const std::size_t begin = size_;
    Word(0);
    content();
    while (size_ % sizeof(Address) != 0) Byte(0);
    const auto length = static_cast<std::uint32_t>(size_ - begin - 4);
    std::memcpy(bytes_.data() + begin, &length, sizeof(length));
  }

  std::vector<std::byte> bytes_;  // Never grows, so it stays where it is.
  std::size_t size_ = 0;
  std::size_t common_ = 0;
};

class UnwindTableTest : public testing::Test {
 protected:
  std::string ErrorOf(const Section& section, AddressRange code,
                      std::size_t bytes) {
    UnwindTable::Registration registration;
    const auto error = UnwindTable::Register(
        heap_.heap(), code, section.bytes().first(bytes), registration);
    EXPECT_EQ(error.has_value(), registration == nullptr);
    return error ? error->message : "";
  }
  std::string ErrorOf(const Section& section, AddressRange code) {
    return ErrorOf(section, code, section.bytes().size());
  }

  TestHeap<PlainModel> heap_;
};

TEST_F(UnwindTableTest, FramesAreWalkedByItUntilItEnds) {
  Section section;
  const AddressRange code{section.NearBy(), 2 * kFunctionBytes};
  section.AddCommon();
  section.AddFunction(code.begin + kFunctionBytes, 2);  // In any order.
  section.AddFunction(code.begin, 4);
  section.AddEnd();
  std::array<Address, 8> stack{};
  const auto base = reinterpret_cast<Address>(stack.data());
  const Address inner = code.begin + 16;
  const Address outer = code.begin + kFunctionBytes + 16;
  stack[3] = outer;  // Where the inner function returns to,
  stack[5] = 4711;   // and the outer one.

  UnwindTableWalker walker;
  {
    UnwindTable::Registration registration;
    ASSERT_FALSE(UnwindTable::Register(heap_.heap(), code, section.bytes(),
                                       registration));
    EXPECT_TRUE(HasUnwindTable(inner));
    Frame frame{inner, base, 0};
    EXPECT_TRUE(walker.Step(frame));
    EXPECT_EQ(frame, (Frame{outer, base + 4 * sizeof(Address), 0}));
    EXPECT_TRUE(walker.Step(frame));
    EXPECT_EQ(frame, (Frame{4711, base + 6 * sizeof(Address), 0}));
    EXPECT_FALSE(walker.Step(frame));
  }
  EXPECT_FALSE(HasUnwindTable(inner));
}

TEST_F(UnwindTableTest, FunctionsOfOtherCodeAreLeftOut) {
  Section section;
  const Address begin = section.NearBy();
  section.AddCommon();
  section.AddFunction(begin, 2);
  EXPECT_EQ(ErrorOf(section, {begin, kFunctionBytes}), "");
  EXPECT_EQ(ErrorOf(section, {begin + kFunctionBytes, kFunctionBytes}),
            ".eh_frame, byte 0: no function of the code is in it");
}

TEST_F(UnwindTableTest, AddressesInAnotherFormAreRefused) {
  Section section;
  section.AddCommon(0x00);  // Absolute.
  section.AddFunction(section.NearBy(), 2);
  EXPECT_EQ(ErrorOf(section, {section.NearBy(), kFunctionBytes}),
            ".eh_frame, byte 0: addresses are not relative ones of 4 bytes");
}

TEST_F(UnwindTableTest, ACutTableIsAnErrorOrEndsBetweenEntries) {
  Section section;
  const AddressRange code{section.NearBy(), kFunctionBytes};
  section.AddCommon();
  const std::size_t common = section.bytes().size();
  section.AddFunction(code.begin, 2);
  for (std::size_t bytes = 0; bytes < section.bytes().size(); ++bytes) {
    const bool between = bytes == 0 || bytes == common;
    EXPECT_NE(
        ErrorOf(section, code, bytes).find(between ? "no function" : "cut off"),
        std::string::npos)
        << bytes;
  }
}

}  // namespace
}  // namespace fledge::runtime

#include "runtime/llvm_stack_map.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/elf_image.h"
#include "tests/support/llvm_tables.h"

namespace fledge::runtime {
namespace {

using Tables = LlvmTables;
using Bytes = std::vector<std::byte>;

constexpr Address kFib = 0x401000;

FrameSlot SpSlot(std::int32_t offset) {
  return {FrameRegister::kStackPointer, offset};
}
FrameSlot FpSlot(std::int32_t offset) {
  return {FrameRegister::kFramePointer, offset};
}

std::vector<FrameSlot> SlotsAt(const StackMap& map, std::size_t i) {
  const auto slots = map.SlotsOf(map.sites().at(i));
  return {slots.begin(), slots.end()};
}
std::vector<DerivedSlot> DerivedAt(const StackMap& map, std::size_t i) {
  const auto derived = map.DerivedOf(map.sites().at(i));
  return {derived.begin(), derived.end()};
}

// What ReadLlvmStackMaps() says is wrong; "" if nothing.
std::string Problem(const Bytes& section) {
  StackMap map;
  const auto error = ReadLlvmStackMaps(section, map);
  return error ? error->message : "";
}
std::string ProblemOf(const Tables::Locations& pairs) {
  return Problem(
      Tables().AddFunction(kFib, 40).AddStatepoint(0x2a, pairs).Section());
}

TEST(LlvmStackMapTest, BasesAreSlotsAndOthersAreDerived) {
  Tables tables;
  tables.AddFunction(kFib, 40)
      .AddStatepoint(0x2a, {Tables::Sp(8), Tables::Sp(8), Tables::Sp(8),
                            Tables::Sp(16), Tables::Fp(-24), Tables::Fp(-24)})
      .AddStatepoint(0x50, {});
  StackMap map;
  ASSERT_FALSE(ReadLlvmStackMaps(tables.Section(), map));
  ASSERT_EQ(map.functions().size(), 1u);
  EXPECT_EQ(map.functions()[0].begin, kFib);
  EXPECT_EQ(map.functions()[0].frame_bytes, 40u);
  ASSERT_EQ(map.sites().size(), 2u);
  EXPECT_EQ(map.sites()[0].return_address, kFib + 0x2a);
  EXPECT_EQ(SlotsAt(map, 0), (std::vector<FrameSlot>{SpSlot(8), FpSlot(-24)}));
  EXPECT_EQ(DerivedAt(map, 0),
            (std::vector<DerivedSlot>{{SpSlot(16), SpSlot(8)}}));
  EXPECT_EQ(map.sites()[1].return_address, kFib + 0x50);
  EXPECT_TRUE(SlotsAt(map, 1).empty());
}

TEST(LlvmStackMapTest, ASectionHasOneTableAfterTheOther) {
  Bytes section = Tables()
                      .AddFunction(kFib, 8)
                      .AddStatepoint(4, {Tables::Sp(0), Tables::Sp(0)})
                      .Section();
  const Bytes second = Tables()
                           .AddFunction(kFib + 0x100, 24)
                           .AddStatepoint(8, {})
                           .AddFunction(kFib + 0x200, 24)
                           .AddFunction(kFib + 0x300, ~std::uint64_t{0})
                           .AddStatepoint(9, {Tables::Sp(8), Tables::Sp(8)})
                           .Section();
  section.insert(section.end(), second.begin(), second.end());
  StackMap map;
  ASSERT_FALSE(ReadLlvmStackMaps(section, map));
  ASSERT_EQ(map.sites().size(), 3u);
  EXPECT_EQ(map.sites()[2].return_address, kFib + 0x309);
  EXPECT_EQ(map.sites()[2].function, 3u);
  EXPECT_EQ(map.functions()[3].frame_bytes, StackMap::kUnknownBytes);
}

TEST(LlvmStackMapTest, AnEmptySectionHasNoSites) {
  EXPECT_EQ(Problem({}), "");
  EXPECT_EQ(Problem(Tables().Section()), "");
}

TEST(LlvmStackMapTest, DeoptValuesAreNotRoots) {
  // They may be anything, and anywhere.
  Tables tables;
  tables.AddFunction(kFib, 40).AddStatepoint(
      1, {Tables::Sp(8), Tables::Sp(8)},
      {Tables::In(Tables::kRax), Tables::Sp(16), Tables::Constant(3)});
  StackMap map;
  ASSERT_FALSE(ReadLlvmStackMaps(tables.Section(), map));
  EXPECT_EQ(SlotsAt(map, 0), std::vector<FrameSlot>{SpSlot(8)});
}

TEST(LlvmStackMapTest, AllocasAndConstantsAreTaken) {
  Tables tables;
  tables.AddConstant(0x123456789a).AddFunction(kFib, 40);
  tables.AddStatepoint(
      1, {Tables::Alloca(16), Tables::Alloca(16), Tables::Constant(0),
          Tables::Constant(0), Tables::ConstantAt(0), Tables::Sp(8),
          Tables::Fp(-8), Tables::Constant(0)});
  StackMap map;
  ASSERT_FALSE(ReadLlvmStackMaps(tables.Section(), map));
  EXPECT_EQ(SlotsAt(map, 0), (std::vector<FrameSlot>{SpSlot(16), FpSlot(-8)}));
  EXPECT_TRUE(DerivedAt(map, 0).empty());
}

TEST(LlvmStackMapTest, TheDeoptCountMayBeALargeConstant) {
  Tables tables;
  tables.AddConstant(1).AddFunction(kFib, 40).AddRecord(
      1, {Tables::Constant(0), Tables::Constant(0), Tables::ConstantAt(0),
          Tables::Sp(8), Tables::Sp(16), Tables::Sp(16)});
  StackMap map;
  ASSERT_FALSE(ReadLlvmStackMaps(tables.Section(), map));
  EXPECT_EQ(SlotsAt(map, 0), std::vector<FrameSlot>{SpSlot(16)});
}

TEST(LlvmStackMapTest, LiveOutsAndPaddingAreSkipped) {
  // Three locations leave no padding before the live-outs, four leave some.
  for (const std::size_t live_outs : {0u, 1u, 2u, 3u}) {
    SCOPED_TRACE(live_outs);
    Tables tables;
    tables.AddFunction(kFib, 40);
    for (std::uint32_t i = 0; i < 2; ++i) {
      tables.AddRecord(
          2 * i + 1,
          {Tables::Constant(0), Tables::Constant(0), Tables::Constant(0)},
          live_outs);
      tables.AddRecord(2 * i + 2,
                       {Tables::Constant(0), Tables::Constant(0),
                        Tables::Constant(1), Tables::Constant(1)},
                       live_outs);
    }
    StackMap map;
    ASSERT_FALSE(ReadLlvmStackMaps(tables.Section(), map));
    ASSERT_EQ(map.sites().size(), 4u);
    EXPECT_EQ(map.sites()[3].return_address, kFib + 4);
  }
}

TEST(LlvmStackMapTest, AReferenceInARegisterIsRefusedByName) {
  EXPECT_EQ(ProblemOf({Tables::In(3), Tables::In(3)}),
            "stack map, byte 128, function 0x401000+0x2a: a reference in "
            "register 3: compile with -max-registers-for-gc-values=0");
  EXPECT_NE(ProblemOf({Tables::Sp(8), Tables::In(3)}), "");
}

TEST(LlvmStackMapTest, SlotsThatAWalkDoesNotFindAreRefused) {
  EXPECT_NE(ProblemOf({{Tables::kIndirect, 8, 3, 8}, Tables::Sp(8)})
                .find("0x401000+0x2a: a slot relative to register 3"),
            std::string::npos);
  EXPECT_NE(ProblemOf({{Tables::kIndirect, 16, Tables::kRsp, 8},
                       {Tables::kIndirect, 16, Tables::kRsp, 8}})
                .find("a slot of 16 bytes, where references have 8"),
            std::string::npos);
  EXPECT_NE(ProblemOf({Tables::Sp(12), Tables::Sp(12)}).find("not aligned"),
            std::string::npos);
}

TEST(LlvmStackMapTest, RecordsThatAreNotStatepointsAreRefused) {
  const auto problem = [](const Tables::Locations& locations) {
    return Problem(
        Tables().AddFunction(kFib, 40).AddRecord(1, locations).Section());
  };
  const auto zero = Tables::Constant(0);
  EXPECT_NE(problem({}).find("not a statepoint"), std::string::npos);
  EXPECT_NE(problem({zero, zero}).find("not a statepoint"), std::string::npos);
  EXPECT_NE(problem({zero, zero, Tables::Sp(8)}).find("not a statepoint"),
            std::string::npos);
  EXPECT_NE(problem({zero, zero, Tables::ConstantAt(0)}).find("not a statep"),
            std::string::npos);
  EXPECT_NE(problem({zero, zero, zero, Tables::Sp(8)}).find("last base"),
            std::string::npos);
  EXPECT_NE(problem({zero, zero, Tables::Constant(2), Tables::Sp(8)})
                .find("2 deopt values but only 1 more"),
            std::string::npos);
  EXPECT_NE(problem({zero, zero, Tables::Constant(-1)}).find("deopt values"),
            std::string::npos);
  EXPECT_NE(problem({zero, zero, zero, {9, 8, 7, 0}, zero}).find("kind 9"),
            std::string::npos);
}

TEST(LlvmStackMapTest, OtherVersionsAreRefused) {
  Bytes section = Tables().Section();
  section[0] = std::byte{2};
  EXPECT_EQ(Problem(section),
            "stack map, byte 1: a table of version 2, where only 3 is known");
}

TEST(LlvmStackMapTest, AFunctionThatWasNotRelocatedIsRefused) {
  EXPECT_NE(Problem(Tables().AddFunction(0, 8).AddStatepoint(1, {}).Section())
                .find("at address 0"),
            std::string::npos);
}

TEST(LlvmStackMapTest, ACutSectionIsAnErrorWhereverItIsCut) {
  const Bytes section =
      Tables()
          .AddConstant(7)
          .AddFunction(kFib, 40)
          .AddStatepoint(0x2a, {Tables::Sp(8), Tables::Sp(16)})
          .Section();
  EXPECT_EQ(Problem(section), "");
  for (std::size_t bytes = 1; bytes < section.size(); ++bytes) {
    // A copy of its own, so that AddressSanitizer sees a read beyond its end.
    const Bytes cut(section.begin(),
                    section.begin() + static_cast<std::ptrdiff_t>(bytes));
    EXPECT_NE(Problem(cut), "") << bytes;
  }
}

TEST(LlvmStackMapTest, CountsThatCannotBeAreErrors) {
  const Bytes section = Tables()
                            .AddConstant(7)
                            .AddFunction(kFib, 40)
                            .AddStatepoint(0x2a, {Tables::Sp(8), Tables::Sp(8)})
                            .Section();
  // Functions, constants and records of the table; records of the function;
  // locations and live-outs of the record.
  constexpr std::size_t kFunctions = 4, kConstants = 8, kRecords = 12;
  constexpr std::size_t kRecordsOfFunction = 32, kLocations = 62;
  const std::size_t live_outs = section.size() - 6;
  for (const std::size_t at : {kFunctions, kConstants, kRecords,
                               kRecordsOfFunction, kLocations, live_outs}) {
    for (const int value : {0xff, 0x02}) {
      Bytes wrong = section;
      wrong[at] = static_cast<std::byte>(value);
      wrong[at + 1] = static_cast<std::byte>(value == 0xff ? 0xff : 0);
      EXPECT_NE(Problem(wrong), "") << at << " " << value;
    }
  }
}

// From ELF files.

constexpr Address kLinkedAt = 0x5000;
constexpr Address kBias = 0x7f0000000000;

// As a linker leaves a position-independent image: zeros in the section, and
// relative relocations.
ElfImage Image(const char* section_name) {
  ElfImage image;
  image.AddSection(section_name, kLinkedAt,
                   Tables()
                       .AddFunction(0, 40)
                       .AddStatepoint(0x2a, {Tables::Sp(8), Tables::Sp(8)})
                       .Section());
  image.AddRelative(kLinkedAt + 16, 0x1000);
  image.AddFunction("main", 0x900);
  image.AddFunction("fib", 0x1000);
  return image;
}

TEST(LlvmStackMapTest, AnImageIsRelocatedAndItsFunctionsHaveNames) {
  for (const char* name : {".llvm_stackmaps", "llvm_stackmaps"}) {
    StackMap map;
    const auto error = ReadLlvmStackMapsOfElf(Image(name).Bytes(), kBias, map);
    ASSERT_FALSE(error) << error->message;
    ASSERT_EQ(map.sites().size(), 1u);
    EXPECT_EQ(map.sites()[0].return_address, kBias + 0x102a);
    EXPECT_EQ(map.PlaceOf(map.sites()[0]), "fib+0x2a");
  }
}

TEST(LlvmStackMapTest, AnImageWithoutTheSectionIsAnError) {
  StackMap map;
  EXPECT_EQ(ReadLlvmStackMapsOfElf(Image(".text").Bytes(), 0, map)->message,
            "ELF file: no section .llvm_stackmaps or llvm_stackmaps");
}

TEST(LlvmStackMapTest, AFileIsRead) {
  StackMap map;
  EXPECT_EQ(ReadLlvmStackMapsOfFile("/no/such/file", 0, map)->message,
            "/no/such/file: cannot be read");
  // The test itself is an image, of code that has no statepoints.
  EXPECT_EQ(ReadLlvmStackMapsOfFile("/proc/self/exe", 0, map)->message,
            "ELF file: no section .llvm_stackmaps or llvm_stackmaps");
}

}  // namespace
}  // namespace fledge::runtime

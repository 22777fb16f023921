#include "runtime/elf_file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/byte_writer.h"
#include "tests/support/elf_image.h"

namespace fledge::runtime {
namespace {

using Bytes = std::vector<std::byte>;

constexpr Address kAddress = 0x5000;
constexpr Address kBias = 0x10000;

Bytes Words(std::initializer_list<std::uint64_t> words) {
  ByteWriter out;
  for (const std::uint64_t word : words) out.U64(word);
  return out.bytes();
}

ElfImage Image() {
  ElfImage image;
  image.AddSection(".other", 0x4000, Words({1}));
  image.AddSection(".data", kAddress, Words({1, 2, 3, 4}));
  return image;
}

std::string Problem(const Bytes& file) {
  ElfFile elf;
  const auto error = ElfFile::Open(file, elf);
  return error ? error->message : "";
}

std::string RelocationProblem(const ElfImage& image) {
  const Bytes file = image.Bytes();
  ElfFile elf;
  EXPECT_FALSE(ElfFile::Open(file, elf));
  Bytes bytes;
  const auto error = elf.Relocate(*elf.Find(".data"), kBias, bytes);
  return error ? error->message : "";
}

TEST(ElfFileTest, SectionsAreFoundByName) {
  for (const bool in_first : {false, true}) {
    ElfImage image = Image();
    image.counts_in_first_section = in_first;
    const Bytes file = image.Bytes();
    ElfFile elf;
    ASSERT_FALSE(ElfFile::Open(file, elf));
    const ElfFile::Section* data = elf.Find(".data");
    ASSERT_NE(data, nullptr);
    EXPECT_EQ(data->address, kAddress);
    EXPECT_EQ(Bytes(data->bytes.begin(), data->bytes.end()),
              Words({1, 2, 3, 4}));
    EXPECT_EQ(elf.Find(".dat"), nullptr);
  }
}

TEST(ElfFileTest, RelativeRelocationsAddTheBias) {
  ElfImage image = Image();
  image.AddRelative(kAddress + 8, 0x77);
  image.AddRelative(kAddress + 24, 0x99);
  image.AddRelative(kAddress + 32, 1);  // Behind it,
  image.AddRelative(kAddress - 8, 1);   // before it.
  const Bytes file = image.Bytes();
  ElfFile elf;
  ASSERT_FALSE(ElfFile::Open(file, elf));
  Bytes bytes;
  ASSERT_FALSE(elf.Relocate(*elf.Find(".data"), kBias, bytes));
  EXPECT_EQ(bytes, Words({1, kBias + 0x77, 3, kBias + 0x99}));
}

TEST(ElfFileTest, OtherRelocationsOfTheSectionAreRefused) {
  ElfImage image = Image();
  image.AddRelocation(kAddress - 8, 1, 0);
  EXPECT_EQ(RelocationProblem(image), "");
  image.AddRelocation(kAddress, 1, 0);
  EXPECT_EQ(RelocationProblem(image),
            "ELF file: a relocation of type 1 in section .data, where only "
            "RELATIVE is known");
  ElfImage across = Image();
  across.AddRelative(kAddress + 28, 0);
  EXPECT_NE(RelocationProblem(across).find("across the end"),
            std::string::npos);
  ElfImage packed = Image();
  constexpr std::uint32_t kPacked = 19;
  packed.AddSection(".relr.dyn", 0, Words({1}), kPacked);
  EXPECT_NE(RelocationProblem(packed).find("packed relocations"),
            std::string::npos);
}

TEST(ElfFileTest, FunctionsAreVisited) {
  ElfImage image = Image();
  image.AddFunction("fib", 0x1000);
  image.AddFunction("main", 0x2000);
  const Bytes file = image.Bytes();
  ElfFile elf;
  ASSERT_FALSE(ElfFile::Open(file, elf));
  std::map<std::string, Address> functions;
  elf.VisitFunctions([&](Address address, std::string_view name) {
    functions[std::string(name)] = address;
  });
  EXPECT_EQ(functions, (std::map<std::string, Address>{{"fib", 0x1000},
                                                       {"main", 0x2000}}));
}

TEST(ElfFileTest, OtherFilesAreRefusedByName) {
  EXPECT_EQ(Problem({}), "ELF file: shorter than its header");
  EXPECT_EQ(Problem(Bytes(64)), "ELF file: it does not begin like one");
  Bytes narrow = Image().Bytes();
  narrow[4] = std::byte{1};
  EXPECT_EQ(Problem(narrow), "ELF file: not of 64 bits, little-endian");
  ElfImage other = Image();
  other.machine = 183;
  EXPECT_EQ(Problem(other.Bytes()),
            "ELF file: for machine 183, not for x86-64");
  ElfImage object = Image();
  object.type = 1;
  EXPECT_NE(Problem(object.Bytes()).find("an object file: link it first"),
            std::string::npos);
  object.type = 4;
  EXPECT_NE(Problem(object.Bytes()).find("neither"), std::string::npos);
}

TEST(ElfFileTest, ACutFileIsAnErrorWhereverItIsCut) {
  ElfImage image = Image();
  image.AddFunction("fib", 0x1000);
  const Bytes file = image.Bytes();
  EXPECT_EQ(Problem(file), "");
  for (std::size_t bytes = 0; bytes < file.size(); ++bytes) {
    const Bytes cut(file.begin(),
                    file.begin() + static_cast<std::ptrdiff_t>(bytes));
    EXPECT_NE(Problem(cut), "") << bytes;
  }
}

TEST(ElfFileTest, NothingIsReadBeyondTheFileWhateverAByteSays) {
  ElfImage image = Image();
  image.AddFunction("fib", 0x1000);
  image.AddRelative(kAddress + 8, 0x77);
  const Bytes file = image.Bytes();
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int value : {0x01, 0x7f, 0xff}) {
      Bytes wrong = file;
      wrong[at] = static_cast<std::byte>(value);
      ElfFile elf;
      if (ElfFile::Open(wrong, elf)) continue;
      std::size_t letters = 0;
      elf.VisitFunctions([&](Address, std::string_view name) {
        for (const char c : name) letters += c != '\0' ? 1 : 0;
      });
      EXPECT_LE(letters, file.size());
      Bytes bytes;
      if (const auto* data = elf.Find(".data")) {
        elf.Relocate(*data, kBias, bytes);
      }
    }
  }
}

}  // namespace
}  // namespace fledge::runtime

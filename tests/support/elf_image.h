// ElfImage: a small ELF file for x86-64 with what a test puts into it.
//
//   ElfImage image;
//   image.AddSection(".llvm_stackmaps", 0x5000, bytes);
//   image.AddRelative(0x5010, 0x1000);   // The word there is the bias +
//   0x1000. image.AddFunction("fib", 0x1000); ElfFile::Open(image.Bytes(),
//   elf);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/byte_writer.h"

namespace fledge {

class ElfImage {
 public:
  static constexpr std::uint16_t kSharedObject = 3;
  static constexpr std::uint16_t kX86_64 = 62;
  static constexpr std::uint32_t kRelative = 8;

  std::uint16_t type = kSharedObject;
  std::uint16_t machine = kX86_64;
  bool counts_in_first_section = false;  // As with more than 65279 sections.

  void AddSection(std::string_view name, std::uint64_t address,
                  const std::vector<std::byte>& bytes, std::uint32_t kind = 1,
                  std::uint32_t link = 0) {
    sections_.push_back({std::string(name), address, bytes, kind, link});
  }
  void AddRelocation(std::uint64_t at, std::uint32_t kind,
                     std::uint64_t addend) {
    relocations_.U64(at).U64(kind).U64(addend);
  }
  void AddRelative(std::uint64_t at, std::uint64_t addend) {
    AddRelocation(at, kRelative, addend);
  }
  void AddFunction(std::string_view name, std::uint64_t address) {
    constexpr std::uint64_t kFunctionKind = 2;
    symbols_.U32(strings_.size()).U8(kFunctionKind).U8(0).U16(1);
    symbols_.U64(address).U64(16);
    strings_.Text(name).U8(0);
  }

  std::vector<std::byte> Bytes() const {
    std::vector<Section> all = {{"", 0, {}, 0, 0}};
    all.insert(all.end(), sections_.begin(), sections_.end());
    const auto strings = static_cast<std::uint32_t>(all.size());
    all.push_back({".strtab", 0, strings_.bytes(), 3, 0});
    all.push_back({".symtab", 0, symbols_.bytes(), 2, strings});
    all.push_back({".rela.dyn", 0, relocations_.bytes(), 4, 0});
    const std::size_t names_index = all.size();
    all.push_back({".shstrtab", 0, {}, 3, 0});
    ByteWriter names;
    std::vector<std::size_t> name_at;
    for (const Section& section : all) {
      name_at.push_back(names.size());
      names.Text(section.name).U8(0);
    }
    all.back().bytes = names.bytes();

    // The header, the sections' bytes, the section headers.
    constexpr std::size_t kHeaderBytes = 64;
    ByteWriter body;
    std::vector<std::size_t> begins;
    for (const Section& section : all) {
      body.AlignTo(8);
      begins.push_back(kHeaderBytes + body.size());
      body.Bytes(section.bytes);
    }
    body.AlignTo(8);
    ByteWriter out;
    out.Text("\x7f").Text("ELF").U8(2).U8(1).U8(1).Zeros(9);
    out.U16(type).U16(machine).U32(1).U64(0).U64(0);
    out.U64(kHeaderBytes + body.size()).U32(0).U16(kHeaderBytes).U16(0).U16(0);
    out.U16(64);
    out.U16(counts_in_first_section ? 0 : all.size());
    out.U16(counts_in_first_section ? 0xffff : names_index);
    out.Bytes(body.bytes());
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::uint64_t bytes = all[i].bytes.size();
      std::uint32_t link = all[i].link;
      if (i == 0 && counts_in_first_section) {
        bytes = all.size();
        link = static_cast<std::uint32_t>(names_index);
      }
      out.U32(name_at[i]).U32(all[i].kind).U64(0).U64(all[i].address);
      out.U64(begins[i]).U64(bytes).U32(link).U32(0).U64(8).U64(0);
    }
    return out.bytes();
  }

 private:
  struct Section {
    std::string name;
    std::uint64_t address;
    std::vector<std::byte> bytes;
    std::uint32_t kind;
    std::uint32_t link;
  };

  std::vector<Section> sections_;
  ByteWriter strings_ = ByteWriter().U8(0);
  ByteWriter symbols_ = ByteWriter().Zeros(24);
  ByteWriter relocations_;
};

}  // namespace fledge

// ElfFile: the sections, relative relocations and function symbols of an ELF
// file for x86-64, from its bytes.
//
// Only what finding stack maps needs: a position-independent image keeps the
// addresses in its stack maps as relocations (type RELATIVE), which the dynamic
// linker applies to a section that is loaded. Most images' is, but a program
// may also be read from its file.
//
// Design: docs/design/stack_maps.md. Source: "Tool Interface Standard (TIS)
// Executable and Linking Format (ELF) Specification", version 1.2; "System V
// Application Binary Interface, AMD64 Architecture Processor Supplement".
//
// Invariants: [sm.bounds], of the file's bytes. Threads: all functions are
// pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "allocator/base/address.h"
#include "runtime/stack_map.h"

namespace fledge::runtime {

class ElfFile {
 public:
  struct Section {
    std::string_view name;
    std::uint32_t type = 0;
    Address address = kNullAddress;    // Where it was linked to be.
    std::span<const std::byte> bytes;  // None of what is not in the file.
    std::uint32_t link = 0;            // Index of a section that it refers to.
  };

  // Sets `elf` to what `file` holds, which has to outlive it. An error for
  // what is no ELF file, an object file, or one of another machine.
  static std::optional<StackMapError> Open(std::span<const std::byte> file,
                                           ElfFile& elf);

  // Null if there is none of that name.
  const Section* Find(std::string_view name) const;

  // Sets `bytes` to those of `section` as they are once the file is loaded
  // `load_bias` bytes above where it was linked to be. An error if it has
  // relocations of another type than RELATIVE. O(relocations of the file).
  std::optional<StackMapError> Relocate(const Section& section,
                                        Address load_bias,
                                        std::vector<std::byte>& bytes) const;

  // Calls visit(address, name) for each function symbol, with the address that
  // it was linked for. What is damaged is left out.
  template <typename Visitor>
  void VisitFunctions(Visitor&& visit) const {
    for (const Section& section : sections_) {
      if (section.type != kSymbols && section.type != kDynamicSymbols) continue;
      for (std::size_t i = 0; i < section.bytes.size() / kSymbolBytes; ++i) {
        const Symbol symbol = SymbolAt(section, i);
        if (symbol.is_function) visit(symbol.address, symbol.name);
      }
    }
  }

 private:
  static constexpr std::uint32_t kSymbols = 2;
  static constexpr std::uint32_t kDynamicSymbols = 11;
  static constexpr std::size_t kSymbolBytes = 24;

  struct Symbol {
    Address address = kNullAddress;
    std::string_view name;
    bool is_function = false;
  };
  Symbol SymbolAt(const Section& section, std::size_t i) const;

  std::vector<Section> sections_;
};

}  // namespace fledge::runtime

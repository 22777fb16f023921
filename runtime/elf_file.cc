#include "runtime/elf_file.h"

#include <string>

#include "runtime/byte_reader.h"

namespace fledge::runtime {
namespace {

constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kSectionHeaderBytes = 64;
constexpr std::size_t kRelocationBytes = 24;

// Of the file's header.
constexpr std::uint16_t kObjectFile = 1;
constexpr std::uint16_t kExecutable = 2;
constexpr std::uint16_t kSharedObject = 3;
constexpr std::uint16_t kX86_64 = 62;
constexpr std::uint16_t kNamesElsewhere = 0xffff;

// Types of sections.
constexpr std::uint32_t kNoSection = 0;
constexpr std::uint32_t kStrings = 3;
constexpr std::uint32_t kRelocations = 4;
constexpr std::uint32_t kNoBytes = 8;
constexpr std::uint32_t kPackedRelocations = 19;

constexpr std::uint32_t kNoRelocation = 0;
constexpr std::uint32_t kRelative = 8;

constexpr unsigned kFunctionSymbol = 2;

StackMapError Error(const std::string& what) { return {"ELF file: " + what}; }

// The string that begins at `offset`; empty if it does not end.
std::string_view StringAt(std::span<const std::byte> strings,
                          std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const std::string_view rest(
      reinterpret_cast<const char*>(strings.data()) + offset,
      strings.size() - offset);
  const std::size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view()
                                       : rest.substr(0, end);
}

// What a section header says, before names are known.
struct SectionHeader {
  std::uint32_t name, type, link;
  std::uint64_t address, offset, bytes;
};

SectionHeader ReadSectionHeader(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  SectionHeader header;
  header.name = reader.U32();
  header.type = reader.U32();
  reader.Skip(8);  // Flags.
  header.address = reader.U64();
  header.offset = reader.U64();
  header.bytes = reader.U64();
  header.link = reader.U32();
  return header;
}

void WriteU64(std::span<std::byte> bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::byte>(number >> (8 * i));
  }
}

}  // namespace

std::optional<StackMapError> ElfFile::Open(std::span<const std::byte> file,
                                           ElfFile& elf) {
  if (file.size() < kHeaderBytes) return Error("shorter than its header");
  ByteReader reader(file);
  if (reader.Text(4) !=
      "\x7f"
      "ELF") {
    return Error("it does not begin like one");
  }
  const unsigned word_class = reader.U8();
  const unsigned byte_order = reader.U8();
  if (word_class != 2 || byte_order != 1) {
    return Error("not of 64 bits, little-endian");
  }
  reader.Skip(10);
  const std::uint16_t type = reader.U16();
  const std::uint16_t machine = reader.U16();
  if (machine != kX86_64) {
    return Error("for machine " + std::to_string(machine) + ", not for x86-64");
  }
  if (type == kObjectFile) {
    return Error("an object file: link it first, then its addresses are known");
  }
  if (type != kExecutable && type != kSharedObject) {
    return Error("neither an executable nor a shared object");
  }
  reader.Skip(4 + 8 + 8);
  const std::uint64_t headers_at = reader.U64();
  reader.Skip(4 + 2 + 2 + 2);
  const std::size_t header_bytes = reader.U16();
  std::uint64_t count = reader.U16();
  std::uint64_t names = reader.U16();
  if (headers_at == 0) return Error("no section headers");
  if (header_bytes != kSectionHeaderBytes || headers_at > file.size() ||
      file.size() - headers_at < kSectionHeaderBytes) {
    return Error("section headers beyond its end");
  }
  const auto header_at = [&](std::uint64_t i) {
    return ReadSectionHeader(file.subspan(headers_at + i * kSectionHeaderBytes,
                                          kSectionHeaderBytes));
  };
  // Numbers that do not fit into the file's header are in the first section's.
  if (count == 0) count = header_at(0).bytes;
  if (names == kNamesElsewhere) names = header_at(0).link;
  if (count > (file.size() - headers_at) / kSectionHeaderBytes) {
    return Error("section headers beyond its end");
  }
  if (names >= count) return Error("no names of sections");

  const auto has_bytes = [&](const SectionHeader& header) {
    return header.type != kNoSection && header.type != kNoBytes;
  };
  const auto bytes_of = [&](const SectionHeader& header) {
    std::span<const std::byte> bytes;
    if (has_bytes(header) && header.offset <= file.size() &&
        header.bytes <= file.size() - header.offset) {
      bytes = file.subspan(header.offset, header.bytes);
    }
    return bytes;
  };
  const std::span<const std::byte> name_bytes = bytes_of(header_at(names));
  elf.sections_.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    const SectionHeader header = header_at(i);
    const std::string_view name = StringAt(name_bytes, header.name);
    const std::span<const std::byte> bytes = bytes_of(header);
    if (has_bytes(header) && bytes.size() != header.bytes) {
      return Error("section " + std::to_string(i) + " lies beyond its end");
    }
    elf.sections_.push_back(
        {name, header.type, header.address, bytes, header.link});
  }
  return {};
}

const ElfFile::Section* ElfFile::Find(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

std::optional<StackMapError> ElfFile::Relocate(
    const Section& section, Address load_bias,
    std::vector<std::byte>& bytes) const {
  bytes.assign(section.bytes.begin(), section.bytes.end());
  const AddressRange range{section.address, bytes.size()};
  for (const Section& relocations : sections_) {
    if (relocations.type == kPackedRelocations && load_bias != 0) {
      return Error("packed relocations: link with -z nopack-relative-relocs");
    }
    if (relocations.type != kRelocations) continue;
    ByteReader reader(relocations.bytes);
    while (reader.left() >= kRelocationBytes) {
      const Address at = reader.U64();
      const auto type = static_cast<std::uint32_t>(reader.U64());
      const std::uint64_t addend = reader.U64();
      if (!range.Contains(at) || type == kNoRelocation) continue;
      if (type != kRelative) {
        return Error("a relocation of type " + std::to_string(type) +
                     " in section " + std::string(section.name) +
                     ", where only RELATIVE is known");
      }
      const std::size_t offset = at - range.begin;
      if (range.bytes - offset < 8) {
        return Error("a relocation across the end of section " +
                     std::string(section.name));
      }
      WriteU64(std::span(bytes).subspan(offset, 8), load_bias + addend);
    }
  }
  return {};
}

ElfFile::Symbol ElfFile::SymbolAt(const Section& section, std::size_t i) const {
  ByteReader reader(section.bytes.subspan(i * kSymbolBytes, kSymbolBytes));
  const std::uint32_t name = reader.U32();
  const unsigned info = reader.U8();
  reader.Skip(3);
  const Address address = reader.U64();
  if (section.link >= sections_.size() ||
      sections_[section.link].type != kStrings) {
    return {};
  }
  const std::string_view text = StringAt(sections_[section.link].bytes, name);
  const bool is_function = (info & 0xf) == kFunctionSymbol && !text.empty();
  return {address, text, is_function};
}

}  // namespace fledge::runtime

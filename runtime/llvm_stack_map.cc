#include "runtime/llvm_stack_map.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "runtime/byte_reader.h"
#include "runtime/elf_file.h"

namespace fledge::runtime {
namespace {

// Least bytes of each part, so that a count that cannot be is found before
// anything is done so many times.
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kFunctionBytes = 24;
constexpr std::size_t kConstantBytes = 8;
constexpr std::size_t kRecordBytes = 16;
constexpr std::size_t kLocationBytes = 12;

// Before the deopt values: calling convention, flags, how many they are.
constexpr std::size_t kLeadingLocations = 3;

enum class Kind : std::uint8_t {
  kRegister = 1,
  kDirect = 2,
  kIndirect = 3,
  kConstant = 4,
  kConstantIndex = 5,
};

struct Location {
  Kind kind;
  std::uint16_t bytes;
  std::uint16_t dwarf_register;
  std::int32_t offset;

  bool IsConstant() const {
    return kind == Kind::kConstant || kind == Kind::kConstantIndex;
  }
};

// Numbers that DWARF gives the registers of x86-64.
constexpr std::uint16_t kRbp = 6;
constexpr std::uint16_t kRsp = 7;

// Reads one table after the other; the first problem ends it.
class Parser {
 public:
  Parser(std::span<const std::byte> section, StackMap& map)
      : reader_(section), map_(map) {}

  std::optional<StackMapError> Run() {
    while (reader_.left() > 0 && !error_) ReadTable();
    return error_;
  }

 private:
  void ReadTable() {
    if (reader_.left() < kHeaderBytes) {
      return Fail("a table's header is cut off");
    }
    const unsigned version = reader_.U8();
    if (version != 3) {
      return Fail("a table of version " + std::to_string(version) +
                  ", where only 3 is known");
    }
    reader_.Skip(3);
    const std::size_t functions = reader_.U32();
    const std::size_t constants = reader_.U32();
    const std::size_t records = reader_.U32();
    if (functions * kFunctionBytes + constants * kConstantBytes +
            records * kRecordBytes >
        reader_.left()) {
      return Fail(
          "a table with more functions, constants or records than it "
          "has bytes for");
    }

    struct Function {
      Address begin;
      std::uint64_t frame_bytes;
      std::uint64_t records;
    };
    std::vector<Function> listed(functions);
    std::uint64_t sum = 0;
    for (Function& function : listed) {
      function = {reader_.U64(), reader_.U64(), reader_.U64()};
      if (function.records > records) {
        return Fail("a function with more records than its table");
      }
      sum += function.records;
    }
    if (sum != records) {
      return Fail("a table with " + std::to_string(records) +
                  " records, of which its functions have " +
                  std::to_string(sum));
    }
    constants_.resize(constants);
    for (std::uint64_t& constant : constants_) constant = reader_.U64();

    for (const Function& function : listed) {
      if (function.begin == kNullAddress) {
        return Fail("a function at address 0: it was not linked or relocated");
      }
      map_.AddFunction(function.begin, function.frame_bytes);
      function_ = return_address_ = function.begin;
      for (std::uint64_t i = 0; i < function.records && !error_; ++i) {
        ReadRecord();
      }
      function_ = kNullAddress;
      if (error_) return;
    }
  }

  void ReadRecord() {
    reader_.Skip(8);  // Its id, which means something to the compiler only.
    const std::uint32_t offset = reader_.U32();
    return_address_ = function_ + offset;
    if (return_address_ < function_) {
      return Fail("a return address beyond the address space");
    }
    reader_.Skip(2);
    const std::size_t count = reader_.U16();
    if (count * kLocationBytes > reader_.left()) {
      return Fail("a record is cut off");
    }
    locations_.clear();
    for (std::size_t i = 0; i < count; ++i) ReadLocation();
    reader_.AlignTo(8);
    reader_.Skip(2);
    const std::size_t live_outs = reader_.U16();
    reader_.Skip(live_outs * 4);
    reader_.AlignTo(8);
    if (!reader_.ok()) return Fail("a record is cut off");
    if (!error_) AddSite();
  }

  void ReadLocation() {
    const std::uint8_t kind = reader_.U8();
    reader_.Skip(1);
    Location location;
    location.kind = static_cast<Kind>(kind);
    location.bytes = reader_.U16();
    location.dwarf_register = reader_.U16();
    reader_.Skip(2);
    location.offset = reader_.I32();
    if (kind < 1 || kind > 5) {
      return Fail("a location of unknown kind " + std::to_string(kind));
    }
    locations_.push_back(location);
  }

  // From the locations of a statepoint.
  void AddSite() {
    std::uint64_t deopts = 0;
    for (std::size_t i = 0; i < kLeadingLocations; ++i) {
      if (i >= locations_.size() || !Constant(locations_[i], deopts)) {
        return Fail("a record that is not a statepoint's");
      }
    }
    const std::size_t rest = locations_.size() - kLeadingLocations;
    if (deopts > rest) {
      return Fail("a statepoint with " + std::to_string(deopts) +
                  " deopt values but only " + std::to_string(rest) +
                  " more locations");
    }
    const std::size_t first = kLeadingLocations + deopts;
    if ((locations_.size() - first) % 2 != 0) {
      return Fail("a statepoint whose last base has no derived location");
    }
    slots_.clear();
    derived_.clear();
    for (std::size_t i = first; i < locations_.size() && !error_; i += 2) {
      AddPair(locations_[i], locations_[i + 1]);
    }
    if (error_) return;
    if (const auto error = map_.AddSite(return_address_, slots_, derived_)) {
      error_ = StackMapError{Here() + ": " + error->message};
    }
  }

  void AddPair(const Location& base, const Location& derived) {
    FrameSlot base_slot;
    FrameSlot derived_slot;
    if (!base.IsConstant()) base_slot = Slot(base);
    if (!derived.IsConstant()) derived_slot = Slot(derived);
    if (error_) return;
    // What is derived from a constant, as from null, does not move.
    if (base.IsConstant()) return;
    slots_.push_back(base_slot);
    if (!derived.IsConstant()) derived_.push_back({derived_slot, base_slot});
  }

  FrameSlot Slot(const Location& location) {
    const std::string number = std::to_string(location.dwarf_register);
    if (location.kind == Kind::kRegister) {
      Fail("a reference in register " + number +
           ": compile with -max-registers-for-gc-values=0");
    } else if (location.dwarf_register != kRsp &&
               location.dwarf_register != kRbp) {
      Fail("a slot relative to register " + number +
           ", which is neither rsp nor rbp");
    } else if (location.bytes != map_.slot_bytes()) {
      Fail("a slot of " + std::to_string(location.bytes) +
           " bytes, where references have " +
           std::to_string(map_.slot_bytes()));
    }
    return {location.dwarf_register == kRbp ? FrameRegister::kFramePointer
                                            : FrameRegister::kStackPointer,
            location.offset};
  }

  bool Constant(const Location& location, std::uint64_t& value) const {
    if (location.kind == Kind::kConstant) {
      value = static_cast<std::uint32_t>(location.offset);
      return true;
    }
    const auto index = static_cast<std::uint32_t>(location.offset);
    if (location.kind != Kind::kConstantIndex || index >= constants_.size()) {
      return false;
    }
    value = constants_[index];
    return true;
  }

  // The first problem is the one that is told.
  void Fail(const std::string& what) {
    if (error_) return;
    std::string message = Here();
    if (function_ != kNullAddress) {
      message += ", " + CodePlace({}, function_, return_address_);
    }
    error_ = StackMapError{message + ": " + what};
  }
  std::string Here() const {
    return "stack map, byte " + std::to_string(reader_.at());
  }

  ByteReader reader_;
  StackMap& map_;
  std::optional<StackMapError> error_;
  Address function_ = kNullAddress;  // Whose records are being read.
  Address return_address_ = kNullAddress;
  std::vector<std::uint64_t> constants_;
  std::vector<Location> locations_;
  std::vector<FrameSlot> slots_;
  std::vector<DerivedSlot> derived_;
};

}  // namespace

std::optional<StackMapError> ReadLlvmStackMaps(
    std::span<const std::byte> section, StackMap& map) {
  return Parser(section, map).Run();
}

std::optional<StackMapError> ReadLlvmStackMapsOfElf(
    std::span<const std::byte> file, Address load_bias, StackMap& map) {
  ElfFile elf;
  if (auto error = ElfFile::Open(file, elf)) return error;
  const ElfFile::Section* section = elf.Find(".llvm_stackmaps");
  if (section == nullptr) section = elf.Find("llvm_stackmaps");
  if (section == nullptr) {
    return StackMapError{
        "ELF file: no section .llvm_stackmaps or llvm_stackmaps"};
  }
  std::vector<std::byte> bytes;
  if (auto error = elf.Relocate(*section, load_bias, bytes)) return error;
  if (auto error = ReadLlvmStackMaps(bytes, map)) return error;
  std::unordered_map<Address, std::string_view> names;
  elf.VisitFunctions([&](Address begin, std::string_view name) {
    names.try_emplace(begin + load_bias, name);
  });
  map.NameFunctions([&](Address begin) {
    const auto found = names.find(begin);
    return found == names.end() ? std::string_view() : found->second;
  });
  return {};
}

std::optional<StackMapError> ReadLlvmStackMapsOfFile(const std::string& path,
                                                     Address load_bias,
                                                     StackMap& map) {
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  std::vector<char> bytes(unknown ? 0 : size);
  std::ifstream file(path, std::ios::binary);
  if (unknown || !file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return StackMapError{path + ": cannot be read"};
  }
  return ReadLlvmStackMapsOfElf(std::as_bytes(std::span(bytes)), load_bias,
                                map);
}

}  // namespace fledge::runtime

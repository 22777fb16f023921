// LlvmTables: the bytes that LLVM writes for functions with statepoints, for
// tests: a section __LLVM_StackMaps of one table.
//
//   LlvmTables tables;
//   tables.AddFunction(0x401000, 40)
//       .AddStatepoint(0x2a, {Sp(8), Sp(8), Sp(8), Sp(16)});
//   ReadLlvmStackMaps(tables.Section(), map);
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/support/byte_writer.h"

namespace fledge {

class LlvmTables {
 public:
  enum Kind : std::uint8_t {
    kRegister = 1,
    kDirect = 2,
    kIndirect = 3,
    kConstant = 4,
    kConstantIndex = 5,
  };
  // DWARF's numbers.
  static constexpr std::uint16_t kRax = 0;
  static constexpr std::uint16_t kRbp = 6;
  static constexpr std::uint16_t kRsp = 7;

  struct Location {
    std::uint8_t kind;
    std::uint16_t bytes;
    std::uint16_t dwarf_register;
    std::int32_t offset;
  };
  using Locations = std::vector<Location>;

  // References spilled at offsets from rsp and rbp, in an alloca, in a
  // register, and constants.
  static Location Sp(std::int32_t offset) {
    return {kIndirect, 8, kRsp, offset};
  }
  static Location Fp(std::int32_t offset) {
    return {kIndirect, 8, kRbp, offset};
  }
  static Location Alloca(std::int32_t offset) {
    return {kDirect, 8, kRsp, offset};
  }
  static Location In(std::uint16_t dwarf_register) {
    return {kRegister, 8, dwarf_register, 0};
  }
  static Location Constant(std::int32_t value) {
    return {kConstant, 8, 0, value};
  }
  static Location ConstantAt(std::int32_t index) {
    return {kConstantIndex, 8, 0, index};
  }

  LlvmTables& AddFunction(std::uint64_t address, std::uint64_t frame_bytes) {
    functions_.push_back({address, frame_bytes, {}});
    return *this;
  }
  // A record of the last function, with all its locations.
  LlvmTables& AddRecord(std::uint32_t offset, const Locations& locations,
                        std::size_t live_outs = 0) {
    functions_.back().records.push_back({offset, locations, live_outs});
    return *this;
  }
  // A statepoint of the last function: pairs are base, derived, base, derived.
  LlvmTables& AddStatepoint(std::uint32_t offset, const Locations& pairs,
                            const Locations& deopts = {}) {
    Locations locations = {Constant(0), Constant(0),
                           Constant(static_cast<std::int32_t>(deopts.size()))};
    locations.insert(locations.end(), deopts.begin(), deopts.end());
    locations.insert(locations.end(), pairs.begin(), pairs.end());
    return AddRecord(offset, locations);
  }
  LlvmTables& AddConstant(std::uint64_t value) {
    constants_.push_back(value);
    return *this;
  }

  std::vector<std::byte> Section() const {
    std::size_t records = 0;
    for (const Function& function : functions_) {
      records += function.records.size();
    }
    ByteWriter out;
    out.U8(3).U8(0).U16(0);
    out.U32(functions_.size()).U32(constants_.size()).U32(records);
    for (const Function& function : functions_) {
      out.U64(function.address).U64(function.frame_bytes);
      out.U64(function.records.size());
    }
    for (const std::uint64_t constant : constants_) out.U64(constant);
    for (const Function& function : functions_) {
      for (const Record& record : function.records) {
        out.U64(0xabcdef00).U32(record.offset).U16(0);
        out.U16(record.locations.size());
        for (const Location& location : record.locations) {
          out.U8(location.kind).U8(0).U16(location.bytes);
          out.U16(location.dwarf_register).U16(0);
          out.U32(static_cast<std::uint32_t>(location.offset));
        }
        out.AlignTo(8).U16(0).U16(record.live_outs);
        for (std::size_t i = 0; i < record.live_outs; ++i) {
          out.U16(kRax).U8(0).U8(8);
        }
        out.AlignTo(8);
      }
    }
    return out.bytes();
  }

 private:
  struct Record {
    std::uint32_t offset;
    Locations locations;
    std::size_t live_outs;
  };
  struct Function {
    std::uint64_t address;
    std::uint64_t frame_bytes;
    std::vector<Record> records;
  };

  std::vector<Function> functions_;
  std::vector<std::uint64_t> constants_;
};

}  // namespace fledge

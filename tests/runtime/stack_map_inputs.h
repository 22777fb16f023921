// Stack maps as bytes, good ones and any: for the fuzzer of their readers, and
// for the test that does the same shortly.
//
// The first byte of an input chooses the reader, the rest is what it reads.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/compact_stack_map.h"
#include "runtime/llvm_stack_map.h"
#include "runtime/stack_map.h"
#include "tests/support/elf_image.h"
#include "tests/support/llvm_tables.h"

namespace fledge {

enum class StackMapReader : std::uint8_t { kLlvm, kElf, kCompact, kCount };

// What is wrong with a map that was read, or with the error; nothing if all is
// well. Reads every part of a map, so that a sanitizer sees it.
inline std::optional<std::string> StackMapFault(
    const runtime::StackMap& map,
    const std::optional<runtime::StackMapError>& error) {
  if (error) {
    const bool is_line =
        !error->message.empty() &&
        std::all_of(error->message.begin(), error->message.end(),
                    [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_line) return "an error that is not a line: " + error->message;
  }
  for (const runtime::StackMap::Site& site : map.sites()) {
    if (map.PlaceOf(site).empty()) return "a site without a place";
    const auto slots = map.SlotsOf(site);
    for (const runtime::FrameSlot& slot : slots) {
      if (slot.offset % static_cast<std::int32_t>(map.slot_bytes()) != 0) {
        return "a slot that is not aligned";
      }
    }
    for (const runtime::DerivedSlot& one : map.DerivedOf(site)) {
      if (std::find(slots.begin(), slots.end(), one.base) == slots.end()) {
        return "a derived slot whose base is none of the slots";
      }
      if (std::find(slots.begin(), slots.end(), one.slot) != slots.end()) {
        return "a derived slot that is also a slot";
      }
    }
  }
  return {};
}

inline std::optional<std::string> RunStackMapInput(
    std::span<const std::byte> input) {
  if (input.empty()) return {};
  const auto reader = static_cast<StackMapReader>(
      static_cast<unsigned>(input[0]) %
      static_cast<unsigned>(StackMapReader::kCount));
  const std::span<const std::byte> bytes = input.subspan(1);
  runtime::StackMap map;
  std::optional<runtime::StackMapError> error;
  switch (reader) {
    case StackMapReader::kLlvm:
      error = runtime::ReadLlvmStackMaps(bytes, map);
      break;
    case StackMapReader::kElf:
      error = runtime::ReadLlvmStackMapsOfElf(bytes, 0x7f0000000000, map);
      break;
    case StackMapReader::kCompact:
    case StackMapReader::kCount:
      error = runtime::ReadCompactStackMap(bytes, 0x7f0000000000, map);
      break;
  }
  return StackMapFault(map, error);
}

// An input for each reader, which reads it without an error.
inline std::vector<std::vector<std::byte>> GoodStackMapInputs() {
  using Tables = LlvmTables;
  Tables tables;
  tables.AddConstant(0x123456789a)
      .AddFunction(0x1000, 40)
      .AddStatepoint(0x2a, {Tables::Sp(8), Tables::Sp(8), Tables::Sp(8),
                            Tables::Sp(16), Tables::Fp(-24), Tables::Fp(-24)})
      .AddStatepoint(0x50, {Tables::ConstantAt(0), Tables::Constant(0)},
                     {Tables::In(Tables::kRax)})
      .AddFunction(0x2000, ~std::uint64_t{0})
      .AddStatepoint(0x10, {Tables::Alloca(0), Tables::Alloca(0)});
  const std::vector<std::byte> section = tables.Section();

  ElfImage image;
  image.AddSection(".llvm_stackmaps", 0x5000, section);
  image.AddRelative(0x5010, 0x1000);
  image.AddRelative(0x5028, 0x2000);
  image.AddFunction("fib", 0x1000);
  image.AddFunction("main", 0x2000);

  const std::array<runtime::FrameSlot, 2> slots = {
      runtime::FrameSlot{runtime::FrameRegister::kStackPointer, 8},
      runtime::FrameSlot{runtime::FrameRegister::kFramePointer, -16}};
  const std::array<runtime::DerivedSlot, 1> derived = {runtime::DerivedSlot{
      {runtime::FrameRegister::kStackPointer, 16}, slots[0]}};
  runtime::CompactStackMapEncoder encoder;
  encoder.AddFunction(0x10, "fib", 40);
  encoder.AddSite(0x2a, slots, derived);
  encoder.AddSite(0x30, slots);
  encoder.AddFunction(0x200);
  encoder.AddSite(0x90, slots, derived);

  const auto input = [](StackMapReader reader,
                        const std::vector<std::byte>& bytes) {
    std::vector<std::byte> all = {static_cast<std::byte>(reader)};
    all.insert(all.end(), bytes.begin(), bytes.end());
    return all;
  };
  std::vector<std::byte> twice = section;
  twice.insert(twice.end(), section.begin(), section.end());
  return {input(StackMapReader::kLlvm, twice),
          input(StackMapReader::kElf, image.Bytes()),
          input(StackMapReader::kCompact, encoder.Encode())};
}

}  // namespace fledge

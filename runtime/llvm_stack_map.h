// LLVM stack maps: reads what LLVM says of functions with statepoints, the
// section __LLVM_StackMaps in version 3.
//
// The section of a linked image is one table after another, a table for each
// object file. A table:
//
//   u8 version = 3 | u8, u16 zero | u32 functions | u32 constants | u32 records
//   functions: u64 address | u64 frame bytes | u64 records of it
//   constants: u64
//   records:   u64 id | u32 return address - function | u16 | u16 locations
//              locations, zeros up to 8, u16, u16 live-outs, live-outs, zeros
//   location:  u8 kind | u8 | u16 bytes | u16 register | u16 | i32 offset
//   live-out:  u16 register | u8 | u8 bytes
//
// The locations of a statepoint: calling convention, flags, number of deopt
// values; the deopt values; then pairs of a base and a derived location. Deopt
// values are not roots.
//
// Taken: Indirect, a spilled reference in the frame; Direct, an alloca in which
// the program keeps a reference; Constant and ConstantIndex, which never move.
// Refused by name: a reference in a register, which a walk of frames cannot
// update; slots that are relative to another register than rsp and rbp; vectors
// of references; records that are not statepoints.
//
// Design: docs/design/stack_maps.md. Source: LLVM's manual, "Stack maps and
// patch points in LLVM" (Stack Map Format) and "Garbage Collection Safepoints
// in LLVM".
//
// Threads: all functions are pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "allocator/base/address.h"
#include "runtime/stack_map.h"

namespace fledge::runtime {

// Adds to `map` every function and site of `section`, whose addresses are
// those of the loaded code. An error names the byte in the section, and the
// function and offset where it has come so far; then part was added.
std::optional<StackMapError> ReadLlvmStackMaps(
    std::span<const std::byte> section, StackMap& map);

// The same from the bytes of an ELF executable or shared object for x86-64,
// loaded `load_bias` bytes above the addresses that it was linked for, with the
// names of its functions. The section is .llvm_stackmaps or, as linkers that
// collect sections leave it, llvm_stackmaps.
std::optional<StackMapError> ReadLlvmStackMapsOfElf(
    std::span<const std::byte> file, Address load_bias, StackMap& map);

// The same from a file, such as /proc/self/exe.
std::optional<StackMapError> ReadLlvmStackMapsOfFile(const std::string& path,
                                                     Address load_bias,
                                                     StackMap& map);

}  // namespace fledge::runtime

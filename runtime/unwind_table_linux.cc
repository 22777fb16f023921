#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/byte_reader.h"
#include "runtime/unwind_table.h"

// libgcc's, by which exceptions are thrown. The bytes end with four zeros.
extern "C" void __register_frame(void* eh_frame);
extern "C" void __deregister_frame(void* eh_frame);

namespace fledge::runtime {
namespace {

// What libunwind searches: where a function begins, and where its entry is,
// both from the section's begin.
struct Entry {
  std::int32_t function;
  std::int32_t description;
};
static_assert(sizeof(Entry) == sizeof(unw_word_t));

constexpr std::uint8_t kRelativeFourBytes = 0x1b;

// Reads what the functions that follow have in common; true if addresses are
// written in the one way that is taken.
bool ReadCommon(ByteReader reader) {
  reader.U8();  // The version.
  if (reader.U8() != 'z' || reader.U8() != 'R' || reader.U8() != 0) {
    return false;
  }
  reader.Leb128();  // Code alignment,
  reader.Leb128();  // data alignment, signed but as long,
  reader.Leb128();  // the return address's register,
  reader.Leb128();  // and how many bytes "zR" takes.
  return reader.U8() == kRelativeFourBytes && reader.ok();
}

StackMapError Malformed(std::size_t at, const char* what) {
  return {".eh_frame, byte " + std::to_string(at) + ": " + what};
}

std::optional<StackMapError> ReadEntries(AddressRange code,
                                         std::span<const std::byte> section,
                                         std::vector<Entry>& entries) {
  const auto base = reinterpret_cast<Address>(section.data());
  ByteReader reader(section);
  while (true) {
    const std::size_t begin = reader.at();
    if (reader.left() == 0) return Malformed(begin, "its end is not marked");
    const std::uint32_t bytes = reader.U32();
    if (bytes == 0 && reader.ok()) break;  // The mark.
    if (!reader.ok() || bytes < sizeof(std::uint32_t) ||
        bytes > reader.left()) {
      return Malformed(begin, "an entry is cut off");
    }
    const std::size_t end = reader.at() + bytes;
    ByteReader entry(section.subspan(reader.at(), bytes));
    reader.Skip(bytes);
    if (entry.U32() == 0) {
      if (!ReadCommon(entry)) {
        return Malformed(begin, "addresses are not relative ones of 4 bytes");
      }
      continue;
    }
    const std::size_t at = begin + 2 * sizeof(std::uint32_t);
    const std::int64_t function = static_cast<std::int64_t>(at) + entry.I32();
    entry.U32();  // The function's bytes.
    if (!entry.ok()) return Malformed(end, "an entry is cut off");
    if (!code.Contains(base + static_cast<Address>(function))) continue;
    entries.push_back({static_cast<std::int32_t>(function),
                       static_cast<std::int32_t>(begin)});
  }
  if (entries.empty()) return Malformed(0, "no function of the code is in it");
  std::sort(entries.begin(), entries.end(), [](Entry one, Entry other) {
    return one.function < other.function;
  });
  return {};
}

}  // namespace

struct UnwindTable::State {
  gc::HeapCore& heap;
  void* eh_frame;
  std::vector<Entry> entries;
  unw_dyn_info_t info = {};
};

std::optional<StackMapError> UnwindTable::Register(
    gc::HeapCore& heap, AddressRange code, std::span<const std::byte> eh_frame,
    Registration& registration) {
  // libgcc only reads it.
  void* const table = const_cast<std::byte*>(eh_frame.data());
  auto state = std::make_unique<State>(State{heap, table, {}});
  if (auto error = ReadEntries(code, eh_frame, state->entries)) return error;
  unw_dyn_info_t& info = state->info;
  info.start_ip = code.begin;
  info.end_ip = code.end();
  info.format = UNW_INFO_FORMAT_REMOTE_TABLE;
  info.u.rti.segbase = reinterpret_cast<unw_word_t>(eh_frame.data());
  info.u.rti.table_len = state->entries.size();
  info.u.rti.table_data = reinterpret_cast<unw_word_t>(state->entries.data());
  {
    const auto lock = heap.safepoints().LockUnstopped();
    _U_dyn_register(&info);
  }
  __register_frame(table);
  registration.reset(new UnwindTable(std::move(state)));
  return {};
}

UnwindTable::UnwindTable(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

UnwindTable::~UnwindTable() {
  __deregister_frame(state_->eh_frame);
  const auto lock = state_->heap.safepoints().LockUnstopped();
  _U_dyn_cancel(&state_->info);
}

}  // namespace fledge::runtime

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "gc/stale_reference.h"

// Defined where AddressSanitizer is linked. To find uses after a return it
// keeps local variables in a mapping of its own, which begins with what this
// returns.
extern "C" [[gnu::weak]] void* __asan_get_current_fake_stack();

namespace fledge::gc {
namespace {

constexpr std::size_t kMostPerPlace = 4;
constexpr std::size_t kLargestMappingBytes = 64 * kGiB;

struct Mapping {
  AddressRange range;
  std::string name;
};

std::vector<Mapping> WritableMappings() {
  std::vector<Mapping> mappings;
  std::FILE* const maps = std::fopen("/proc/self/maps", "re");
  if (maps == nullptr) return mappings;
  char line[1024];
  while (std::fgets(line, sizeof(line), maps) != nullptr) {
    Address begin;
    Address end;
    char access[8];
    int name_at = 0;
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s %*s %*s %*s %n",
                    &begin, &end, access, &name_at) < 3) {
      continue;
    }
    if (std::strncmp(access, "rw", 2) != 0) continue;
    std::string name(line + name_at);
    if (!name.empty() && name.back() == '\n') name.pop_back();
    // Device memory may not be readable after all.
    if (name.rfind("/dev/", 0) == 0 || name == "[vvar]") continue;
    mappings.push_back({RangeBetween(begin, end), std::move(name)});
  }
  std::fclose(maps);
  return mappings;
}

// The parts of `range` outside all of `holes`.
std::vector<AddressRange> Without(AddressRange range,
                                  std::vector<AddressRange> holes) {
  std::sort(holes.begin(), holes.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  std::vector<AddressRange> parts;
  Address next = range.begin;
  for (const AddressRange& hole : holes) {
    const AddressRange cut = hole.Intersect(range);
    if (cut.empty() || cut.end() <= next) continue;
    if (cut.begin > next) parts.push_back(RangeBetween(next, cut.begin));
    next = cut.end();
  }
  if (next < range.end()) parts.push_back(RangeBetween(next, range.end()));
  return parts;
}

// The parts of `range` whose pages are in memory. A page that was never touched
// holds no word, and reading it would bring it into being: of a sanitizer's
// shadow memory, hundreds of gigabytes. A page that was swapped out is missed.
std::vector<AddressRange> InMemory(AddressRange range) {
  static const std::size_t page_bytes = sysconf(_SC_PAGESIZE);
  constexpr std::size_t kPagesAtOnce = 64 * 1024;
  std::vector<unsigned char> is_in_memory(kPagesAtOnce);
  std::vector<AddressRange> parts;
  const auto add = [&](AddressRange part) {
    if (!parts.empty() && parts.back().end() == part.begin) {
      parts.back().bytes += part.bytes;
    } else {
      parts.push_back(part);
    }
  };
  Address next = AlignDown(range.begin, page_bytes);
  while (next < range.end()) {
    const std::size_t bytes =
        std::min(range.end() - next, kPagesAtOnce * page_bytes);
    if (mincore(reinterpret_cast<void*>(next), bytes, is_in_memory.data()) !=
        0) {
      return parts;  // Unmapped since it was listed.
    }
    for (std::size_t i = 0; i * page_bytes < bytes; ++i) {
      if ((is_in_memory[i] & 1) == 0) continue;
      add(AddressRange{next + i * page_bytes, page_bytes}.Intersect(range));
    }
    next += bytes;
  }
  return parts;
}

// Whether AddressSanitizer keeps local variables in `mapping`.
bool HoldsFakeStack(AddressRange mapping) {
  return __asan_get_current_fake_stack != nullptr &&
         mapping.Contains(
             reinterpret_cast<Address>(__asan_get_current_fake_stack()));
}

// Adds what it finds until `found` holds `most`. Reads memory of any thread at
// any time, so no sanitizer may look at it.
__attribute__((no_sanitize("address", "thread"))) void Scan(
    AddressRange range, AddressRange wanted, WordPlace place,
    const std::string& name, std::size_t most, std::vector<FoundWord>& found) {
  for (Address at = AlignUp(range.begin, 8); at + 8 <= range.end(); at += 8) {
    const std::uint64_t word = *reinterpret_cast<volatile std::uint64_t*>(at);
    if (!wanted.Contains(word)) continue;
    std::string details = name;
    Dl_info info;
    if (place == WordPlace::kStaticData &&
        dladdr(reinterpret_cast<void*>(at), &info) != 0) {
      char offset[32];
      std::snprintf(offset, sizeof(offset), " + 0x%" PRIxPTR,
                    at - reinterpret_cast<Address>(info.dli_fbase));
      details = "static data: ";
      if (info.dli_sname != nullptr) {
        details += std::string(info.dli_sname) + " in ";
      }
      details += name + offset;
    }
    if (found.size() == most) return;
    found.push_back({place, at, details});
  }
}

}  // namespace

std::vector<FoundWord> FindWords(AddressRange wanted,
                                 const std::vector<AddressRange>& stacks,
                                 const std::vector<AddressRange>& excluded) {
  // The words that this search keeps itself must not be found: `wanted` lies in
  // this frame, below every stack range that a mutator recorded.
  std::vector<FoundWord> found;
  std::vector<AddressRange> not_other = excluded;
  for (const AddressRange& stack : stacks) {
    Scan(stack, wanted, WordPlace::kNativeStack, "the native stack",
         found.size() + kMostPerPlace, found);
    not_other.push_back(stack);
  }
  bool in_module = false;
  Address module_end = 0;
  for (const Mapping& mapping : WritableMappings()) {
    // A module's zero-initialised data is the nameless mapping right after its
    // named one.
    const bool file = !mapping.name.empty() && mapping.name[0] == '/';
    in_module = file || (mapping.name.empty() && in_module &&
                         mapping.range.begin == module_end);
    module_end = mapping.range.end();
    if (mapping.name.rfind("[stack", 0) == 0) continue;
    // Only a sanitizer's shadow memory is that large, and even to ask which of
    // its pages are in memory takes long.
    if (mapping.range.bytes > kLargestMappingBytes) continue;
    const std::string name = file                   ? mapping.name
                             : in_module            ? "static data"
                             : mapping.name.empty() ? "mapped memory"
                                                    : mapping.name;
    const WordPlace place = in_module ? WordPlace::kStaticData
                            : HoldsFakeStack(mapping.range)
                                ? WordPlace::kNativeStack
                                : WordPlace::kOtherMemory;
    const std::size_t most = found.size() + kMostPerPlace;
    for (const AddressRange& part : Without(mapping.range, not_other)) {
      for (const AddressRange& touched : InMemory(part)) {
        Scan(touched, wanted, place, name, most, found);
      }
    }
  }
  return found;
}

}  // namespace fledge::gc

#include "gc/stale_reference.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

constexpr std::size_t kMappingBytes = 256 * kMiB;

// Memory that was mapped and never touched.
class Untouched {
 public:
  Untouched()
      : memory_(mmap(nullptr, kMappingBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    EXPECT_NE(memory_, MAP_FAILED);
    // A huge page would be in memory as a whole.
    madvise(memory_, kMappingBytes, MADV_NOHUGEPAGE);
  }
  ~Untouched() { munmap(memory_, kMappingBytes); }
  Untouched(const Untouched&) = delete;
  Untouched& operator=(const Untouched&) = delete;

  Address begin() const { return reinterpret_cast<Address>(memory_); }

  void Put(std::size_t offset, std::uint64_t word) {
    *reinterpret_cast<volatile std::uint64_t*>(begin() + offset) = word;
  }

  std::size_t pages_in_memory() const {
    std::vector<unsigned char> pages(kMappingBytes / sysconf(_SC_PAGESIZE));
    EXPECT_EQ(mincore(memory_, kMappingBytes, pages.data()), 0);
    return std::count_if(pages.begin(), pages.end(),
                         [](unsigned char page) { return (page & 1) != 0; });
  }

 private:
  void* memory_;
};

// An object that is nowhere else: no word of this process has its address.
constexpr AddressRange kWanted{0x7edc'ba98'7654'3000, 16};

TEST(StaleReferenceTest, FindsAWordAnywhereInWritableMemory) {
  Untouched memory;
  const std::size_t offsets[] = {0, 100 * kMiB + 4088, kMappingBytes - 8};
  for (const std::size_t offset : offsets) {
    memory.Put(offset, kWanted.begin + 8);
  }
  std::vector<Address> found;
  for (const FoundWord& word : FindWords(kWanted, {}, {})) {
    if (word.address >= memory.begin() &&
        word.address < memory.begin() + kMappingBytes) {
      EXPECT_EQ(word.place, WordPlace::kOtherMemory);
      found.push_back(word.address - memory.begin());
    }
  }
  EXPECT_EQ(found,
            std::vector<Address>(std::begin(offsets), std::end(offsets)));
}

TEST(StaleReferenceTest, DoesNotTouchWhatNobodyTouched) {
  Untouched memory;
  memory.Put(100 * kMiB, 1);
  ASSERT_EQ(memory.pages_in_memory(), 1u);
  FindWords(kWanted, {}, {});
  EXPECT_EQ(memory.pages_in_memory(), 1u);
}

TEST(StaleReferenceTest, LeavesOutWhatIsExcluded) {
  Untouched memory;
  memory.Put(8 * kMiB, kWanted.begin);
  for (const FoundWord& word :
       FindWords(kWanted, {}, {{memory.begin(), kMappingBytes}})) {
    EXPECT_FALSE(word.address >= memory.begin() &&
                 word.address < memory.begin() + kMappingBytes);
  }
}

TEST(StaleReferenceTest, NamesAFewPlacesOfAMapping) {
  Untouched memory;
  for (std::size_t page = 0; page < 100; ++page) {
    memory.Put(page * 64 * kKiB, kWanted.begin);
  }
  std::size_t found = 0;
  for (const FoundWord& word : FindWords(kWanted, {}, {})) {
    found += word.address >= memory.begin() &&
             word.address < memory.begin() + kMappingBytes;
  }
  EXPECT_EQ(found, 4u);
}

}  // namespace
}  // namespace fledge::gc

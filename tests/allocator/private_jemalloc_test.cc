// jemalloc is there for external memory, and nobody else notices: the program's
// malloc stays the C library's, and no name of the copy meets another.

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "allocator/external_memory.h"

namespace fledge::allocator {
namespace {

using namespace std::string_view_literals;

// What a library of malloc replaces; operator new and delete as the linker sees
// them.
constexpr std::string_view kCLibrarys[] = {"malloc",
                                           "free",
                                           "calloc",
                                           "realloc",
                                           "memalign",
                                           "aligned_alloc",
                                           "posix_memalign",
                                           "valloc",
                                           "pvalloc",
                                           "reallocarray",
                                           "malloc_usable_size"};
constexpr std::string_view kOperators[] = {"_Znwm", "_Znam", "_ZdlPv",
                                           "_ZdaPv"};

// What a command prints, on both streams.
std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> part;
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) {
    output += part.data();
  }
  EXPECT_EQ(pclose(pipe), 0) << command << ": " << output;
  return output;
}

// Global names of the allocator's library: those it defines, or those it needs.
enum class Names { kDefined, kUndefined };
std::vector<std::string> NamesOfLibrary(Names which) {
  const std::string text = OutputOf(
      std::string(FLEDGE_NM) + " --extern-only --format=posix " +
      (which == Names::kDefined ? "--defined-only " : "--undefined-only ") +
      FLEDGE_ALLOCATOR_LIBRARY);
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    // Others are empty, or name a member: "library.a[member.o]:".
    const std::size_t space = line.find(' ');
    if (space != std::string::npos) names.push_back(line.substr(0, space));
  }
  return names;
}

// A C++ name that is not operator new or delete.
bool IsManglingOfOurs(std::string_view name) {
  if (!name.starts_with("_Z")) return false;
  for (const std::string_view prefix : {"_Znw", "_Zna", "_Zdl", "_Zda"}) {
    if (name.starts_with(prefix)) return false;
  }
  return true;
}

TEST(PrivateJemallocTest, TheLibraryDefinesNoNameOfAnother) {
  const std::vector<std::string> names = NamesOfLibrary(Names::kDefined);
  std::size_t of_the_copy = 0;
  for (const std::string& name : names) {
    if (name.starts_with("fledge_je_")) {
      ++of_the_copy;
    } else {
      // The compiler makes the last for what may throw.
      EXPECT_TRUE(IsManglingOfOurs(name) || name.starts_with("DW.ref."))
          << name;
    }
  }
  EXPECT_GE(of_the_copy, 5u);
  EXPECT_GT(names.size(), of_the_copy);
}

TEST(PrivateJemallocTest, TheProgramsMallocIsTheCLibrarys) {
  const auto library_of = [](std::string_view name) {
    void* const function = dlsym(RTLD_DEFAULT, std::string(name).c_str());
    Dl_info info;
    if (function == nullptr || dladdr(function, &info) == 0) return ""sv;
    return std::string_view(info.dli_fname);
  };
  for (const std::string_view name : kCLibrarys) {
    EXPECT_NE(library_of(name).find("/libc.so"), std::string_view::npos)
        << name << " is in " << library_of(name);
  }
  for (const std::string_view name : kOperators) {
    EXPECT_NE(library_of(name).find("/libstdc++.so"), std::string_view::npos)
        << name << " is in " << library_of(name);
  }
}

TEST(PrivateJemallocTest, TheCLibraryCountsItsOwnMemoryOnly) {
  constexpr std::size_t kBytes = 100'000;  // Little enough not to be mapped.
  ExternalBytes bytes;
  ExternalMemory memory(SystemOs(), bytes);
  ASSERT_NE(memory.TryAllocate(1), nullptr);

  const std::size_t before = mallinfo2().uordblks;
  const std::unique_ptr<void, decltype(&std::free)> block(std::malloc(kBytes),
                                                          &std::free);
  ASSERT_NE(block, nullptr);
  const std::size_t with_block = mallinfo2().uordblks;
  EXPECT_GE(with_block, before + kBytes);

  ASSERT_NE(memory.TryAllocate(kBytes), nullptr);
  EXPECT_LT(mallinfo2().uordblks, with_block + kBytes);
}

// From the environment or from /etc/malloc.conf.
TEST(PrivateJemallocTest, TheCopyReadsNoSettings) {
  const auto names = NamesOfLibrary(Names::kUndefined);
  EXPECT_THAT(names, testing::Contains("fledge_je_secure_getenv"));
  EXPECT_THAT(names, testing::Contains("fledge_je_readlink"));
  for (const char* const name : {"getenv", "secure_getenv", "readlink"}) {
    EXPECT_THAT(names, testing::Not(testing::Contains(name)));
  }
}

TEST(PrivateJemallocTest, SettingsOfAnotherJemallocAreNotHeard) {
  std::array<char, 4096> path{};
  ASSERT_GT(readlink("/proc/self/exe", path.data(), path.size() - 1), 0);
  const std::string output =
      OutputOf("MALLOC_CONF=confirm_conf:true,stats_print:true " +
               std::string(path.data()) + " --gtest_list_tests");
  EXPECT_NE(output.find("PrivateJemallocTest"), std::string::npos);
  EXPECT_EQ(output.find("jemalloc>"), std::string::npos) << output;
  EXPECT_EQ(output.find("Begin jemalloc statistics"), std::string::npos);
}

}  // namespace
}  // namespace fledge::allocator

// The tutorial's page shows code as it is compiled, and output as it is
// printed.

#include <gtest/gtest.h>

#include <string>

#include "tests/docs/page.h"

namespace nest {
namespace {

constexpr char kFolder[] = "docs/tutorial-llvm/";

TEST(TutorialPageTest, ShowsPiecesOfTheCodeAsItIsCompiled) {
  std::string code;
  for (const char* file :
       {"aot_main.cc", "code_generator.cc", "jit.cc", "machine_code.cc",
        "primitives.cc", "thread.cc", "object_model.h", "CMakeLists.txt"}) {
    code += fledge::Flattened(
        fledge::ReadCheckoutFile(kFolder + std::string(file)));
  }
  const std::string page =
      fledge::ReadCheckoutFile(kFolder + std::string("README.md"));
  int pieces = 0;
  for (const char* language : {"cpp", "cmake"}) {
    for (const std::string& block : fledge::CodeBlocks(page, language)) {
      ++pieces;
      EXPECT_NE(code.find(fledge::Flattened(block)), std::string::npos)
          << "no such lines:\n"
          << block;
    }
  }
  EXPECT_GT(pieces, 0);
}

}  // namespace
}  // namespace nest

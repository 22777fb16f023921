// What the front end accepts and refuses, and what programs mean.

#include <gtest/gtest.h>
#include <llvm/IR/LLVMContext.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "docs/tutorial-llvm/checker.h"
#include "docs/tutorial-llvm/code_generator.h"
#include "docs/tutorial-llvm/jit.h"
#include "docs/tutorial-llvm/machine_code.h"
#include "docs/tutorial-llvm/parser.h"
#include "docs/tutorial-llvm/thread.h"
#include "gc/collection.h"

namespace nest {
namespace {

// "LINE:COLUMN: message", or nothing.
std::string ErrorOf(const std::string& source) {
  try {
    const auto program = Parse(source);
    Check(*program);
  } catch (const SourceError& error) {
    return error.In("").substr(1);
  }
  return "";
}

// Of statements in main, whose first column is 1 of line 2.
std::string ErrorIn(const std::string& statements) {
  return ErrorOf("record R { n: int, next: R } fn main(n: int) {\n" +
                 statements + "\n}");
}

ObjectFile Compile(const std::string& source, unsigned level = 2) {
  llvm::LLVMContext context;
  const auto program = Parse(source);
  Check(*program);
  const auto module = GenerateCode(*program, "test.nest", context);
  return CompileModule(*module, level);
}

// Where programs are collected: at polls, where allocations take their inline
// path, or at each allocation, which then never do, as well.
enum class At { kPolls, kAllocationsToo };

// What a program prints that is stressed.
std::string OutputOf(const std::string& source, unsigned level, At at) {
  RunOptions options;
  options.heap.max_heap_bytes = 64 * fledge::kMiB;
  options.heap.verify = fledge::gc::Verify::kOn;
  options.heap.stress.every = at == At::kPolls ? 0 : 1;
  options.heap.stress.evacuate_all = true;
  options.heap.stress.protect = true;
  options.collect_at_polls = true;
  testing::internal::CaptureStdout();
  {
    Thread thread(options);
    Jit jit(thread.registry());
    thread.Run(jit.Load(Compile(source, level)), 3);
    jit.Unload();
  }
  return testing::internal::GetCapturedStdout();
}

void ExpectOutput(const std::string& statements, const std::string& output,
                  const std::string& before = "") {
  const std::string source = before + "fn main(n: int) {" + statements + "}";
  for (unsigned level = 0; level <= 3; ++level) {
    EXPECT_EQ(OutputOf(source, level, At::kPolls), output) << "-O" << level;
    EXPECT_EQ(OutputOf(source, level, At::kAllocationsToo), output)
        << "-O" << level;
  }
}

TEST(LexerTest, WrongTokensAreNamed) {
  EXPECT_EQ(ErrorIn("let a = 1 ? 2;"), "2:11: no token begins here");
  EXPECT_EQ(ErrorIn("let a = 9223372036854775808;"),
            "2:9: the number is larger than 2^63 - 1");
  EXPECT_EQ(ErrorIn("print(\"abc);"), "2:7: the text has no end on its line");
  EXPECT_EQ(ErrorIn("print(\"a\\b\");"), "2:11: after \\ comes n, t, \" or \\");
}

TEST(ParserTest, WrongSyntaxIsNamed) {
  EXPECT_EQ(ErrorOf("let"), "1:1: expected 'fn' or 'record', found 'let'");
  EXPECT_EQ(ErrorOf("fn main(n: int) {"),
            "1:18: expected an expression, found the end");
  EXPECT_EQ(ErrorOf("fn main(n int) {}"), "1:11: expected ':', found 'int'");
  EXPECT_EQ(ErrorIn("let while = 1;"), "2:5: expected a name, found 'while'");
  EXPECT_EQ(ErrorIn("let a = 1"), "3:1: expected ';', found '}'");
  EXPECT_EQ(ErrorIn("let a: 5 = 1;"), "2:8: expected a type, found '5'");
  EXPECT_EQ(ErrorOf("record A { } record A { } "),
            "1:21: record A is defined twice");
  EXPECT_EQ(ErrorOf("record A { x: int, x: int }"),
            "1:20: field x occurs twice");
}

TEST(CheckerTest, WrongTypesAreNamed) {
  EXPECT_EQ(ErrorIn("let a: int = true;"), "2:14: expected int, found bool");
  EXPECT_EQ(ErrorIn("if 1 { }"), "2:4: expected bool, found int");
  EXPECT_EQ(ErrorIn("let a = 1 :: [true];"), "2:15: expected int, found bool");
  EXPECT_EQ(ErrorIn("let a = nil;"), "2:5: write the type: let a: ... = nil");
  EXPECT_EQ(ErrorIn("let a = n.m;"), "2:11: int has no field m");
  EXPECT_EQ(ErrorIn("let a = R(1, nil).m;"), "2:19: R has no field m");
  EXPECT_EQ(ErrorIn("let a = R(1);"), "2:9: expected 2 arguments, found 1");
  EXPECT_EQ(ErrorIn("let a = n(1);"), "2:9: int is not a function");
  EXPECT_EQ(ErrorIn("let a = main(1);"), "2:9: this has no value");
  EXPECT_EQ(ErrorIn("let a = fn(b: int) -> bool { return b; };"),
            "2:37: expected bool, found int");
  EXPECT_EQ(ErrorIn("return 1;"), "2:8: this function returns nothing");
  EXPECT_EQ(ErrorIn("let a = \"text\";"), "2:9: a text can only be printed");
}

TEST(CheckerTest, WrongNamesAreNamed) {
  EXPECT_EQ(ErrorOf("fn f(a: A) { } fn main(n: int) { }"),
            "1:9: there is no type A");
  EXPECT_EQ(ErrorIn("{ }"), "2:1: expected an expression, found '{'");
  EXPECT_EQ(ErrorIn("if true { let a = 1; } print(a);"),
            "2:30: there is no variable or function a");
  EXPECT_EQ(ErrorOf("fn f() { } fn f() { }"),
            "1:15: function f is defined twice");
  EXPECT_EQ(ErrorOf("fn f() { }"), "1:1: there is no function main");
  EXPECT_EQ(ErrorOf("fn main() { }"),
            "1:4: main is fn(), but has to be fn(int)");
}

TEST(CheckerTest, ARecordThatIsTooLargeIsNamed) {
  std::string record = "record R {";
  for (int i = 0; i < 2048; ++i) record += "f" + std::to_string(i) + ": int, ";
  EXPECT_EQ(ErrorOf(record + "} fn main(n: int) { }"),
            "1:8: an object has at most 2047 words");
}

TEST(CheckerTest, WrongStatementsAreNamed) {
  EXPECT_EQ(ErrorIn("n + 1;"), "2:1: this has no effect");
  EXPECT_EQ(ErrorIn("n + 1 = 2;"),
            "2:3: only variables and fields are assigned to");
  EXPECT_EQ(ErrorIn("let f = fn() { n = 1; };"),
            "2:16: n is captured, which copies it, and cannot be assigned to");
  EXPECT_EQ(ErrorOf("fn f(a: int) -> int { if a == 1 { return 1; } } "
                    "fn main(n: int) { }"),
            "1:4: not every way through ends in a return of int");
}

TEST(MeaningTest, OperatorsBindAsUsual) {
  ExpectOutput("print(1 + 2 * 3 - 4 / 2 % 2, \" \", -n, \" \", (1 + 2) * n);",
               "7 -3 9");
  ExpectOutput("if n == 3 && !(n < 3) || n / 0 == 1 { print(1); }", "1");
}

TEST(MeaningTest, DivisionByMinusOneDoesNotTrap) {
  ExpectOutput(
      "let least = -9223372036854775807 - 1; let m = n - 4;"
      "print(least / m, \" \", least % m);",
      "-9223372036854775808 0");
}

TEST(MeaningTest, ListsAreShared) {
  ExpectOutput(
      "let a = [1, 2]; let b = 0 :: a; let c = 5 :: a;"
      "while b != [] { print(b.head); b = b.tail; }"
      "print(c.tail.head, c.tail.tail.head);",
      "01212");
}

TEST(MeaningTest, ClosuresCopyWhatTheyCapture) {
  ExpectOutput(
      "let k = 10; let r = R(1, nil);"
      "let f = fn(a: int) -> int {"
      "  let g = fn(b: int) -> int { return a * 100 + b + k + r.n; };"
      "  return g(a); };"
      "k = 20; r.n = 2; print(f(3));",
      "315", "record R { n: int, next: R }");
}

TEST(MeaningTest, FunctionsAreValues) {
  ExpectOutput(
      "print(twice(double, n), \" \", twice(fn(x: int) -> int "
      "{ return x + n; }, 1));",
      "12 7",
      "fn double(x: int) -> int { return 2 * x; }"
      "fn twice(f: fn(int) -> int, x: int) -> int "
      "{ return f(f(x)); }");
}

TEST(MeaningTest, OldRecordsReferToYoungOnes) {
  // The inner loop's polls collect until all is old and the card of `first` is
  // clean again. Its address before the loop would be another card's.
  ExpectOutput(
      "let first = R(0, nil, true);"
      "for i in 1 .. 20 { first.next = R(i, first.next, false);"
      "  for k in 0 .. 6 { } }"
      "let sum = 0; let r = first;"
      "while r != nil { sum = sum + r.n; r = r.next; }"
      "print(sum); if first.is_first && !first.next.is_first"
      "{ print(\" yes\"); }",
      "190 yes", "record R { n: int, next: R, is_first: bool }");
}

TEST(MeaningTest, ObjectsMadeOneAfterAnotherMoveByThemselves) {
  // The second is 24 bytes behind the first until it moves without it.
  ExpectOutput(
      "let sum = 0;"
      "for i in 0 .. 9 { let a = R(1, nil); let b = R(a.n + i, nil);"
      "  for k in 0 .. 2 { sum = sum + k; }"
      "  sum = sum + b.n; }"
      "print(sum);",
      "54", "record R { n: int, next: R }");
}

// How many slots of frames each minor collection visits.
class VisitedSlots final : public fledge::gc::CollectionListener {
 public:
  void OnCollection(const fledge::gc::CollectionEvent& event) override {
    if (event.kind == fledge::gc::CollectionKind::kMinor) {
      counts.push_back(event.root_slots);
    }
  }
  std::vector<std::size_t> counts;
};

TEST(ReturnTest, FramesThatRestAreNotVisited) {
  constexpr std::int64_t kDeep = 2000;
  const std::string source =
      "fn list(n: int) -> [int] {"
      "  if n == 0 { return []; }"
      "  return n :: list(n - 1); }"
      "fn waste() { for i in 0 .. 20000 { let a = list(5); } }"
      "fn deep(n: int) -> int {"
      "  let a = [n];"
      "  if n == 0 { waste(); return 0; }"
      "  let below = deep(n - 1);"
      "  return below + a.head; }"
      "fn main(n: int) { print(deep(n)); }";
  for (unsigned level = 0; level <= 3; ++level) {
    RunOptions options;
    options.heap.max_heap_bytes = 64 * fledge::kMiB;
    options.heap.nursery_bytes = 256 * fledge::kKiB;
    options.heap.verify = fledge::gc::Verify::kOn;
    Thread thread(options);
    VisitedSlots visited;
    thread.registry().heap().AddListener(&visited);
    Jit jit(thread.registry());
    Main* const program = jit.Load(Compile(source, level));
    testing::internal::CaptureStdout();
    thread.Run(program, kDeep);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "2001000");
    jit.Unload();
    thread.registry().heap().RemoveListener(&visited);
    ASSERT_GT(visited.counts.size(), 5u);
    // When all is old that they refer to, those of the newest frame are left.
    EXPECT_GE(visited.counts[0], static_cast<std::size_t>(kDeep));
    for (std::size_t i = 3; i < visited.counts.size(); ++i) {
      EXPECT_LT(visited.counts[i], 20u) << i << " at -O" << level;
    }
  }
}

TEST(ReturnTest, FramesThatAreReturnedToRun) {
  // Each collects before its call and after, when it refers to new objects.
  ExpectOutput(
      "let list = deep(20, []); let sum = 0;"
      "while list != [] { sum = sum + list.head; list = list.tail; }"
      "print(sum);",
      "420",
      "fn deep(n: int, list: [int]) -> [int] {"
      "  if n == 0 { return list; }"
      "  let a = n :: list;"
      "  a = deep(n - 1, a);"
      "  let b = n :: a;"
      "  for k in 0 .. 3 { b = (n - n) :: b; }"
      "  return b; }");
}

TEST(JitTest, UnloadedCodeIsNotRegistered) {
  Thread thread({});
  Jit jit(thread.registry());
  const ObjectFile object =
      Compile("fn main(n: int) { let a = [1]; print(a.head); }");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(thread.registry().site_count(), 0u);
    testing::internal::CaptureStdout();
    thread.Run(jit.Load(object), 1);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "1");
    EXPECT_GT(thread.registry().site_count(), 0u);
    jit.Unload();
  }
  EXPECT_EQ(thread.registry().site_count(), 0u);
}

}  // namespace
}  // namespace nest

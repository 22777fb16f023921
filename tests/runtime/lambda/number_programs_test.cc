// Numbers as programs have them: as literals, by the interpreter's instructions
// and by the library's procedures.
#include <gtest/gtest.h>

#include "runtime/lambda/session.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/vm.h"
#include "runtime/procedure_layout.h"
#include "tests/runtime/lambda/number_test_heap.h"

namespace fledge::lambda {
namespace {

class NumberProgramsTest : public ::testing::Test {
 protected:
  static gc::HeapOptions Options() {
    gc::HeapOptions options = NumberHeap::Moving();
    options.stress.every = 11;
    return options;
  }

  // The last form's value, a number; or the message of what it raised.
  std::string Run(std::string_view text) {
    const Value value = session_.Run(text, "test");
    if (value.IsEmpty()) {
      const runtime::Condition condition(vm_.TakeRaised());
      return Utf8Of(runtime::Text(condition.message()));
    }
    if (value.IsBoolean()) return value.IsTrue() ? "#t" : "#f";
    return TextOf(value);
  }

  NumberHeap heap_{Options()};
  Vm vm_{heap_.heap, heap_.mutator};
  Session session_{vm_};
};

TEST_F(NumberProgramsTest, LiteralsOfEveryKind) {
  for (const char* text :
       {"1", "-1.5", "123456789012345678901234567890", "-4611686018427387905",
        "1/2", "-3/4", "1+2i", "0.0-1.5i", "+inf.0"}) {
    EXPECT_EQ(Run(text), text);
  }
  EXPECT_EQ(Run("#e1.5"), "3/2");
  EXPECT_EQ(Run("#i1/4"), "0.25");
  EXPECT_EQ(Run("#xfffffffffffffffffff"), "75557863725914323419135");
  EXPECT_EQ(Run("(car '(1/3 2/3))"), "1/3");
}

TEST_F(NumberProgramsTest, InstructionsGoOnWhereSmallIntegersEnd) {
  EXPECT_EQ(Run("(define largest 4611686018427387903) (+ largest 1)"),
            "4611686018427387904");
  EXPECT_EQ(Run("(- (- largest) 2)"), "-4611686018427387905");
  EXPECT_EQ(Run("(* largest largest)"),
            "21267647932558653957237540927630737409");
  EXPECT_EQ(Run("(- (+ largest 1) 1)"), "4611686018427387903");
  EXPECT_EQ(Run("(if (< largest (+ largest 1)) 1 2)"), "1");
  EXPECT_EQ(Run("(if (= (+ largest 1) 5) 1 2)"), "2");
  EXPECT_EQ(Run("(> 1/2 0.25)"), "#t");
  EXPECT_EQ(Run("(<= 1/2 0.25)"), "#f");
}

TEST_F(NumberProgramsTest, AFactorialIsExact) {
  EXPECT_EQ(Run("(define (factorial n)"
                "  (if (= n 0) 1 (* n (factorial (- n 1)))))"
                "(factorial 30)"),
            "265252859812191058636308480000000");
  EXPECT_EQ(Run("(/ (factorial 30) (factorial 28))"), "870");
}

// J. Gibbons, "Unbounded Spigot Algorithms for the Digits of Pi".
TEST_F(NumberProgramsTest, DigitsOfPi) {
  EXPECT_EQ(
      Run("(define (digits count)"
          "  (let next ((q 1) (r 0) (t 1) (k 1) (n 3) (l 3) (left count)"
          "             (found 0))"
          "    (if (= left 0)"
          "        found"
          "        (if (< (+ (* 4 q) (- r t)) (* n t))"
          "            (next (* 10 q) (* 10 (- r (* n t))) t k"
          "                  (- (quotient (* 10 (+ (* 3 q) r)) t) (* 10 n)) l"
          "                  (- left 1) (+ (* 10 found) n))"
          "            (next (* q k) (* (+ (* 2 q) r) l) (* t l) (+ k 1)"
          "                  (quotient (+ (* q (+ (* 7 k) 2)) (* r l)) (* t l))"
          "                  (+ l 2) left found)))))"
          "(digits 60)"),
      "314159265358979323846264338327950288419716939937510582097494");
}

TEST_F(NumberProgramsTest, AWrongOperandIsNamed) {
  EXPECT_EQ(Run("(+ 1.5 'one)"), "+: argument 2 is not a number");
  EXPECT_EQ(Run("(* 'one 1.5)"), "*: argument 1 is not a number");
  EXPECT_EQ(Run("(< 1 +i)"), "<: argument 2 is not a real number");
  EXPECT_EQ(Run("(= 1 'one)"), "=: argument 2 is not a number");
  EXPECT_EQ(Run("(quotient 1 0)"), "division by zero");
}

TEST_F(NumberProgramsTest, AnErrorCountsArgumentsAsTheyAreWritten) {
  EXPECT_EQ(Run("(+ 1 'one)"), "+: argument 2 is not a number");
  EXPECT_EQ(Run("(+ 'one 1)"), "+: argument 1 is not a number");
  EXPECT_EQ(Run("(- 1 'one)"), "-: argument 2 is not a number");
  EXPECT_EQ(Run("(- 'one 1)"), "-: argument 1 is not a number");
  EXPECT_EQ(Run("(* 2 'one)"), "*: argument 2 is not a number");
  EXPECT_EQ(Run("(= 'one 2)"), "=: argument 1 is not a number");
  for (const std::string relation : {"<", "<=", ">", ">="}) {
    const std::string second = relation + ": argument 2 is not a real number";
    const std::string first = relation + ": argument 1 is not a real number";
    EXPECT_EQ(Run("(" + relation + " 1 'one)"), second);
    EXPECT_EQ(Run("(" + relation + " 'one 1)"), first);
    EXPECT_EQ(Run("(if (" + relation + " 1 'one) 2 3)"), second);
    EXPECT_EQ(Run("(if (" + relation + " 'one 1) 2 3)"), first);
    EXPECT_EQ(Run("(let ((x 'one)) (if (" + relation + " x x) 2 3))"), first);
  }
}

TEST_F(NumberProgramsTest, RelationsHoldInAllTheirForms) {
  // Known when they are compiled, and not; as a value, and as a test.
  const struct {
    std::string relation;
    std::string holds;  // Of 1 and 2, 2 and 2, 3 and 2.
  } cases[] = {
      {"<", "100"}, {"<=", "110"}, {"=", "010"}, {">=", "011"}, {">", "001"}};
  for (const auto& [relation, holds] : cases) {
    for (const std::string two : {"2", "2.0", "y"}) {
      const std::string call = "(" + relation + " x " + two + ")";
      const std::string digit = "(+ (* 10 (if " + call + " 1 0)) (let ((is " +
                                call + ")) (if is 1 0)))";
      std::string wanted;
      for (const char is : holds) wanted += {is, is};
      EXPECT_EQ(Run("(define (of x y) " + digit +
                    ") (+ 100000000 (* 10000 (of 1 2)) (* 100 (of 2 2))"
                    " (of 3 2))"),
                "100" + wanted)
          << call;
    }
  }
}

TEST_F(NumberProgramsTest, AnExactZeroSubtractedKeepsTheSignOfAFloatsZero) {
  EXPECT_EQ(Run("(define (f x) (- x 0)) (f -0.0)"), "-0.0");
  EXPECT_EQ(Run("(define (f x) (- x -32768)) (f 1)"), "32769");
  EXPECT_EQ(Run("(define (f x) (+ 32767 x)) (f 1)"), "32768");
}

TEST_F(NumberProgramsTest, ValuesOfADivisionAreReceived) {
  EXPECT_EQ(Run("(call-with-values (lambda () (floor/ -7 2))"
                "  (lambda (quotient rest) (+ (* 100 quotient) rest)))"),
            "-399");
  EXPECT_EQ(Run("(call-with-values (lambda () (exact-integer-sqrt 17)) +)"),
            "5");
}

}  // namespace
}  // namespace fledge::lambda

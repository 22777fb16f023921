// read, and literals with labels.
#include <gtest/gtest.h>

#include <string>

#include "runtime/lambda/datum_scanner.h"
#include "runtime/lambda/reader.h"
#include "tests/runtime/lambda/program_test.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

// A string of Lambda.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

class ReadPrimitivesTest : public ProgramTest {
 protected:
  // All data that `text` has, or the condition that ends it.
  std::string ReadAll(std::string_view text) {
    return Run("(let ((p (open-input-string " + Quoted(text) +
               "))) (let loop () (let ((x (guard (e (#t (list 'error e)))"
               " (read p)))) (if (eof-object? x) '() (cons x (loop))))))");
  }
  // One datum and what is not read.
  std::string ReadOne(std::string_view text) {
    return Run("(let* ((p (open-input-string " + Quoted(text) +
               ")) (x (read p)) (rest (read-string 1000 p)))"
               " (list x (if (eof-object? rest) \"\" rest)))");
  }
  std::string ErrorOf(std::string_view text) {
    return Run("(read (open-input-string " + Quoted(text) + "))");
  }
  // What the scanner takes, one after the other, between brackets.
  std::string Taken(std::string text) {
    InputStream stream(StreamContent::kText, "test", std::move(text));
    std::string taken;
    while (true) {
      const std::string datum = DatumScanner(mutator_, stream).Take();
      if (datum.empty()) return taken;
      taken += "<" + datum + ">";
    }
  }
};

TEST_P(ReadPrimitivesTest, DataAreReadOneByOne) {
  EXPECT_EQ(ReadAll("a 1 \"b\" #\\c (d . e) #(1 #u8(2)) 'x `(y ,z ,@w) 1.5 "
                    "|q r| #t () {1 2} 1/2"),
            "(a 1 \"b\" #\\c (d . e) #(1 #u8(2)) (quote x) (quasiquote (y "
            "(unquote z) (unquote-splicing w))) 1.5 |q r| #t () {1 2} 1/2)");
  EXPECT_EQ(ReadAll(""), "()");
  EXPECT_EQ(ReadAll(" ; nothing\n #| at #| all |# |# "), "()");
  EXPECT_EQ(ReadAll("#;a b #;(c d) #;'#;e f g"), "(b g)");
  EXPECT_EQ(Run("(read (open-input-string \"\"))"), "#<end of file>");
  EXPECT_EQ(Run("(parameterize ((current-input-port (open-input-string"
                " \"(a b)\"))) (read))"),
            "(a b)");
}

TEST_P(ReadPrimitivesTest, NothingIsReadBeyondTheDatum) {
  EXPECT_EQ(ReadOne("(a b)c"), "((a b) \"c\")");
  EXPECT_EQ(ReadOne("  a  "), "(a \"  \")");
  EXPECT_EQ(ReadOne("a(b"), "(a \"(b\")");
  EXPECT_EQ(ReadOne("\"a\"b"), "(\"a\" \"b\")");
  EXPECT_EQ(ReadOne("|a|b"), "(a \"b\")");
  EXPECT_EQ(ReadOne("#\\()x"), "(#\\( \")x\")");
}

TEST_P(ReadPrimitivesTest, TheScannerEndsWhereTheDatumDoes) {
  EXPECT_EQ(Taken("(a (b) c)(d)"), "<(a (b) c)><(d)>");
  EXPECT_EQ(Taken("'a ,@(b) c"), "<'a>< ,@(b)>< c>");
  EXPECT_EQ(Taken("#(1)#u8(2)#U8(3)#t #\\) #\\ab"),
            "<#(1)><#u8(2)><#U8(3)><#t>< #\\)>< #\\ab>");
  EXPECT_EQ(Taken("\"a\\\"b(\"x"), "<\"a\\\"b(\"><x>");
  EXPECT_EQ(Taken("(\")\" |)| #\\) ;)\n #|)|# )x"),
            "<(\")\" |)| #\\) ;)\n #|)|# )><x>");
  EXPECT_EQ(Taken("#0=(a #0#)#0#"), "<#0=(a #0#)><#0#>");
  EXPECT_EQ(Taken("(a #;b) #;(c) d"), "<(a #;b)>< #;(c) d>");
  EXPECT_EQ(Taken("('a #;'b c)'#;x y"), "<('a #;'b c)><'#;x y>");
  EXPECT_EQ(Taken("#!fold-case A"), "<#!fold-case A>");
  EXPECT_EQ(Taken("#!/bin/lambda (\n(a)"), "<#!/bin/lambda (\n(a)>");
  EXPECT_EQ(Taken("{a (b)}c"), "<{a (b)}><c>");
  EXPECT_EQ(Taken(")a"), "<)><a>");
  EXPECT_EQ(Taken("(a"), "<(a>");
  EXPECT_EQ(Taken("#|"), "<#|>");
}

// The reader knows the syntax; the scanner takes of random texts what the
// reader does, as far as they are right.
TEST_P(ReadPrimitivesTest, TheScannerAgreesWithTheReader) {
  constexpr std::string_view kPieces[] = {
      "(",          ")",     "(",      ")",    "#(",   "#u8(",  "{",   "}",
      "'",          "`",     ",@",     ",",    "#;",   "#0=",   "#0#", " . ",
      "a",          "1",     "#t",     "#\\(", "#\\a", "|y (|", " ",   "\n",
      "\"x)\\\"\"", ";c)\n", "#|d)|#", "#||#", ":k",   "-1.5",  " ",   " "};
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  int agreed = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::uint64_t n = random.Between(1, 12); n > 0; --n) {
      text += random.Pick(kPieces);
    }
    SCOPED_TRACE(text);
    InputStream stream(StreamContent::kText, "test", text);
    Names names;
    Reader reader(text, 0, names);
    try {
      for (std::size_t begin = 0; begin < text.size();) {
        Arena arena;
        reader.Read(arena);
        const std::size_t end = reader.offset_bytes();
        ASSERT_EQ(DatumScanner(mutator_, stream).Take(),
                  text.substr(begin, end - begin));
        begin = end;
        ++agreed;
      }
    } catch (const SyntaxError&) {
    }
  }
  EXPECT_GT(agreed, 1000);
}

TEST_P(ReadPrimitivesTest, FoldingHoldsForThePort) {
  EXPECT_EQ(ReadAll("A #!fold-case B C #!no-fold-case D"), "(A b c D)");
}

TEST_P(ReadPrimitivesTest, CirclesAndSharedPartsAreRead) {
  EXPECT_EQ(ReadAll("#0=(a b . #0#)"), "(#0=(a b . #0#))");
  EXPECT_EQ(ReadAll("#1=#(1 #1# #2=(x) #2#)"), "(#0=#(1 #0# (x) (x)))");
  EXPECT_EQ(Run("(let ((x (read (open-input-string \"(#0=(1) #0# . #0#)\"))))"
                " (eq? (car x) (cdr (cdr x))))"),
            "#t");
  EXPECT_EQ(Run("(let ((x (read (open-input-string \"(#0=\\\"a\\\" #0#)\"))))"
                " (eq? (car x) (car (cdr x))))"),
            "#t");
  EXPECT_EQ(Run("(map-ref (read (open-input-string \"{\\\"a\\\" :b}\"))"
                " \"a\")"),
            ":b");
  EXPECT_EQ(ReadAll("{1 #0={2 #0#}}"), "({1 #0={2 #0#}})");
  EXPECT_EQ(ReadAll("(a #0=(b . c) . #0#)"), "((a (b . c) b . c))");
}

TEST_P(ReadPrimitivesTest, WhatIsReadMayBeChanged) {
  EXPECT_EQ(Run("(let ((x (read (open-input-string \"(1 \\\"abc\\\")\"))))"
                " (string-set! (car (cdr x)) 1 #\\x3bb) (set-car! x 2) x)"),
            "(2 \"aλc\")");
}

TEST_P(ReadPrimitivesTest, ErrorsSayWhere) {
  EXPECT_EQ(ErrorOf("\n  (a b"),
            "raised read-error: the string, line 2, column 3: this list has no "
            "end: ) is missing");
  EXPECT_EQ(
      ErrorOf(")"),
      "raised read-error: the string, line 1, column 1: ) closes nothing");
  EXPECT_EQ(ErrorOf("(1 . )"),
            "raised read-error: the string, line 1, column 6: after the dot "
            "comes the rest of the list");
  EXPECT_EQ(ErrorOf("#0#"),
            "raised read-error: the string, line 1, column 1: there is no such "
            "label before this");
  EXPECT_EQ(ErrorOf("{(1) 2}"),
            "raised read-error: the string, line 1, column 2: a key of a map "
            "is a keyword, symbol, string, character, boolean, () or a small "
            "integer");
  EXPECT_EQ(
      Run("(let ((p (open-input-string \"a\\n b )\"))) (read p) (read p)"
          " (read p))"),
      "raised read-error: the string, line 2, column 4: ) closes nothing");
  EXPECT_EQ(Run("(let ((p (open-input-string \") b\")))"
                " (guard (e (#t (read p))) (read p)))"),
            "b");
  EXPECT_EQ(Run("(read (open-output-string))").substr(0, 17),
            "raised wrong-type");
  EXPECT_EQ(Run("(read (open-input-bytevector (bytevector)))").substr(0, 17),
            "raised wrong-type");
}

TEST_P(ReadPrimitivesTest, WhatIsWrittenIsReadAgain) {
  EXPECT_EQ(
      Run("(define (again x) (let ((p (open-output-string)))"
          " (write x p) (read (open-input-string (get-output-string p)))))"
          "(define x (list 'a \"b\\n\\\"\" #\\x0 #\\( 1.5 1/3 +i"
          " 123456789012345678901234567890 (vector '|1| '||)"
          " (bytevector 1 2) '(a . b)))"
          "(equal? x (again x))"),
      "#t");
}

TEST_P(ReadPrimitivesTest, LongAndDeepDataAreRead) {
  if (IsMoving()) return;
  std::string text(9'990, '(');
  text += std::string(9'990, ')');
  EXPECT_EQ(ReadAll(text), "(" + text + ")");
  EXPECT_EQ(ErrorOf(std::string(1'000'000, '(')).substr(0, 60),
            "raised read-error: the string, line 1, column 10001: more th");
  std::string list = "(";
  for (int i = 0; i < 100'000; ++i) list += "1 ";
  EXPECT_EQ(
      Run("(length (read (open-input-string " + Quoted(list + ")") + ")))"),
      "100000");
}

TEST_P(ReadPrimitivesTest, LiteralsMayHaveLabels) {
  EXPECT_EQ(Run("'#0=(a b . #0#)"), "#0=(a b . #0#)");
  EXPECT_EQ(Run("(define x '(1 #0=(2) #0#)) (eq? (car (cdr x))"
                " (car (cdr (cdr x))))"),
            "#t");
  EXPECT_EQ(Run("(define (f) '#0=#(1 #0#)) (eq? (f) (vector-ref (f) 1))"),
            "#t");
  EXPECT_THROW(Run("(list '#0=(a) '#0#)"), SyntaxError);
  EXPECT_EQ(Run("(car '{a (1)})").substr(0, 17), "raised wrong-type");
  EXPECT_EQ(Run("'{a (1) b 2}").size(), 11u);
}

INSTANTIATE_TEST_SUITE_P(Policies, ReadPrimitivesTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda

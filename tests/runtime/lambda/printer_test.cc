#include "runtime/lambda/printer.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/lambda/reader.h"
#include "runtime/map.h"
#include "runtime/objects.h"
#include "runtime/weak_references.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

class StringSink : public PrintSink {
 public:
  bool Append(std::string_view text) override {
    text_ += text;
    return text_.size() < most_bytes_;
  }
  std::string text_;
  std::size_t most_bytes_ = kUnlimited;
};

std::string TextWith(Labels labels, Value value) {
  StringSink sink;
  Print(value, {.labels = labels}, sink);
  return sink.text_;
}

class PrinterTest : public ProgramTest {
 protected:
  // The value of the last form.
  Value ValueOf(std::string_view text) { return session_.Run(text, "test"); }
  std::string Shown(std::string_view text) {
    return DisplayText(ValueOf(text));
  }
  std::string Shared(std::string_view text) {
    return TextWith(Labels::kShared, ValueOf(text));
  }
};

TEST_P(PrinterTest, ConstantsAreWrittenAsTheyAreRead) {
  EXPECT_EQ(Run("(list 1 -5 #t #f '() 1.5 1/2 +i 123456789012345678901)"),
            "(1 -5 #t #f () 1.5 1/2 +i 123456789012345678901)");
  EXPECT_EQ(Run("'(1 . (2 3 . 4))"), "(1 2 3 . 4)");
  EXPECT_EQ(Run("''a"), "(quote a)");
  EXPECT_EQ(Run("(vector 1 '(2) #(3))"), "#(1 (2) #(3))");
  EXPECT_EQ(Run("(list #() (bytevector) (bytevector 1 255))"),
            "(#() #u8() #u8(1 255))");
  EXPECT_EQ(Run("(if #f #f)"), "#<undefined>");
  EXPECT_EQ(WriteText(Value::EndOfFile()), "#<end of file>");
  EXPECT_EQ(WriteText(Value()), "#<nothing>");
}

TEST_P(PrinterTest, StringsAreEscapedWhereTheyAreWritten) {
  EXPECT_EQ(Run(R"("a\a\b\t\n\r\"\\|\x0;\x7f;é\x3bb;\x301;\x200b;")"),
            R"("a\a\b\t\n\r\"\\|\x0;\x7f;éλ)"
            "\u0301"
            R"(\x200b;")");
  EXPECT_EQ(Shown(R"((list "a\n" #\b '|c d|))"), "(a\n b c d)");
  EXPECT_EQ(Shown("\"\\x3bb;\""), "λ");
}

TEST_P(PrinterTest, CharactersHaveNames) {
  EXPECT_EQ(Run(R"((list #\a #\( #\space #\newline #\tab #\null))"),
            R"((#\a #\( #\space #\newline #\tab #\null))");
  EXPECT_EQ(Run(R"((list #\alarm #\backspace #\delete #\escape #\return))"),
            R"((#\alarm #\backspace #\delete #\escape #\return))");
  EXPECT_EQ(Run(R"((list #\x3bb #\x1 #\x301 #\xa0 #\x2028 #\xe000))"),
            R"((#\λ #\x1 #\x301 #\xa0 #\x2028 #\xe000))");
}

TEST_P(PrinterTest, SymbolsHaveBarsWhereTheyNeedThem) {
  EXPECT_EQ(Run("'(a |a b| || |.| |1| |+1x| |+i| |-| ... |#a| |:key| ::: |A|)"),
            "(a |a b| || |.| |1| |+1x| |+i| - ... |#a| |:key| ::: A)");
  EXPECT_EQ(
      Run(R"('(|a\|b| |\x0;\n\\| λ |\x2028;| |\xa0;| |a;b| |'| |\x200b;|))"),
      R"((|a\|b| |\x0;\n\\| λ |\x2028;| |\xa0;| |a;b| |'| |\x200b;|))");
}

// Each is written so that the reader makes it again.
TEST_P(PrinterTest, EveryShortSymbolIsReadBack) {
  const std::string_view bytes = "aZ0.+-:#|\\\"'`,;( )[]{}@\n~i/e";
  Names names;
  const auto check = [&](const std::string& name) {
    const HandleScope scope(mutator_);
    const Local symbol(mutator_, vm_.symbols().Intern(mutator_, name));
    const std::string text = WriteText(symbol.get());
    Arena arena;
    Reader reader(text, 0, names);
    const Syntax* const syntax = reader.Read(arena);
    ASSERT_TRUE(syntax->Is(Syntax::Kind::kSymbol)) << text;
    EXPECT_EQ(syntax->name->text, name);
    EXPECT_TRUE(reader.Read(arena)->Is(Syntax::Kind::kEndOfFile)) << text;
  };
  for (const char a : bytes) {
    check({a});
    for (const char b : bytes) {
      check({a, b});
      if (IsMoving()) continue;
      for (const char c : bytes) check({a, b, c});
    }
  }
}

TEST_P(PrinterTest, WhatCannotBeReadSaysWhatItIs) {
  EXPECT_EQ(Run("(define (f) 1) (list f car (lambda () 1) (let g () g))"),
            "(#<procedure f> #<procedure car> #<procedure> #<procedure g>)");
  EXPECT_EQ(Run("(define c (case-lambda ((x) x) ((x y) y))) c"),
            "#<procedure c>");
  EXPECT_EQ(Run("(define-record-type point (make-point x y) point? (x p-x)"
                " (y p-y)) (define p (make-point 1 \"a\")) p"),
            "#<point x: 1 y: \"a\">");
  EXPECT_EQ(Run("(define-record-type <unit> (unit) unit?) (unit)"),
            "#<record <unit>>");
  EXPECT_EQ(Run("point"), "#<record type point>");
  EXPECT_EQ(Run("(list (delay 1) (make-parameter 1))"),
            "(#<promise> #<parameter>)");
  EXPECT_EQ(Run("(call/cc (lambda (k) (with-exception-handler k"
                " (lambda () (car 5)))))"),
            "#<condition wrong-type: \"car: argument 1 is not a pair\" (5)>");
  EXPECT_EQ(Run("(import (only (lambda primitives) %call/cc))"
                "(%call/cc (lambda (k) k))"),
            "#<continuation>");
}

TEST_P(PrinterTest, MapsAreWrittenWithTheirEntries) {
  const HandleScope scope(mutator_);
  const Local map(mutator_, runtime::MakeMap(mutator_));
  EXPECT_EQ(WriteText(map.get()), "{}");
  for (int i = 0; i < 20; ++i) {
    const HandleScope entry(mutator_);
    const Local key(mutator_, Value::SmallInteger(i));
    runtime::MapPut(mutator_, map, key, key);
  }
  for (int i = 0; i < 20; ++i) {
    if (i == 3 || i == 7) continue;
    runtime::MapRemove(mutator_, runtime::Map(map.get()),
                       Value::SmallInteger(i));
  }
  const std::string text = WriteText(map.get());
  EXPECT_TRUE(text == "{3 3 7 7}" || text == "{7 7 3 3}") << text;
  runtime::MapPut(mutator_, map, Local(mutator_, Value::SmallInteger(3)), map);
  EXPECT_NE(WriteText(map.get()).find("#0={"), std::string::npos);
  EXPECT_NE(WriteText(map.get()).find("3 #0#"), std::string::npos);
}

TEST_P(PrinterTest, OtherObjectsAreNamedByTheirTypes) {
  const HandleScope scope(mutator_);
  const Local pair(mutator_, ValueOf("(list 1)"));
  EXPECT_EQ(WriteText(runtime::MakeBox(mutator_, pair)), "#<box (1)>");
  runtime::WeakReferences references(heap_);
  EXPECT_EQ(WriteText(references.Make(mutator_, pair)), "#<weak reference>");
  EXPECT_EQ(WriteText(runtime::MakeString(mutator_, "a\"")), "\"a\\\"\"");
  EXPECT_EQ(DisplayText(runtime::MakeString(mutator_, "a\"\xff")), "a\"\uFFFD");
  EXPECT_EQ(Run("(values 1 2)"), "#<values 1 2>");
}

TEST_P(PrinterTest, CirclesHaveLabels) {
  EXPECT_EQ(Run("(define x (list 'a 'b 'c)) (set-cdr! (cdr (cdr x)) x) x"),
            "#0=(a b c . #0#)");
  EXPECT_EQ(Run("(define y (list 'a 'b 'c)) (set-cdr! (cdr (cdr y)) (cdr y))"
                " y"),
            "(a . #0=(b c . #0#))");
  EXPECT_EQ(Run("(define v (vector 1 2)) (vector-set! v 1 v) (list v v)"),
            "(#0=#(1 #0#) #0#)");
  EXPECT_EQ(Run("(set-car! x x) (set-car! y v) (list x y)"),
            "(#0=(#0# b c . #0#) (#1=#(1 #1#) . #2=(b c . #2#)))");
  EXPECT_EQ(Run("(define-record-type node (make-node next) node?"
                " (next node-next set-node-next!)) (define n (make-node 1))"
                "(set-node-next! n n) n"),
            "#0=#<node next: #0#>");
  EXPECT_EQ(DisplayText(ValueOf("x")), "#0=(#0# b c . #0#)");
}

TEST_P(PrinterTest, OnlyWriteSharedLabelsWhatIsShared) {
  const std::string_view twice =
      "(define part (list 1)) (list part (vector part) \"a\")";
  EXPECT_EQ(Run(twice), "((1) #((1)) \"a\")");
  EXPECT_EQ(Shared(twice), "(#0=(1) #(#0#) \"a\")");
  EXPECT_EQ(Shared("(let ((s \"a\")) (list s s))"), "(\"a\" \"a\")");
  EXPECT_EQ(Shared("(let ((tail (list 1 2))) (cons 0 (cons tail tail)))"),
            "(0 #0=(1 2) . #0#)");
  // More parts than a quick look takes in.
  const std::string many =
      "(define (iota n) (if (= n 0) '() (cons n (iota (- n 1)))))"
      "(define l (iota 100)) (define two (list l l 'end)) two";
  EXPECT_EQ(Run(many).find('#'), std::string::npos);
  EXPECT_EQ(Shared(many).substr(0, 13), "(#0=(100 99 9");
  EXPECT_EQ(Shared(many).substr(Shared(many).size() - 11), "1) #0# end)");
}

TEST_P(PrinterTest, WithoutLabelsASharedPartIsWrittenEachTime) {
  EXPECT_EQ(TextWith(Labels::kNone, ValueOf("(let ((p (list 1))) (list p p))")),
            "((1) (1))");
}

TEST_P(PrinterTest, ALimitEndsInDots) {
  EXPECT_EQ(WriteText(ValueOf("'(1 2 3)"), 7), "(1 2 3)");
  EXPECT_EQ(WriteText(ValueOf("'(1 2 3)"), 4), "(1 2...");
  EXPECT_EQ(WriteText(ValueOf("\"\xCE\xBB\xCE\xBB\""), 2), "\"...");
  EXPECT_EQ(WriteText(ValueOf("\"\xCE\xBB\xCE\xBB\""), 3), "\"\xCE\xBB...");
  EXPECT_EQ(WriteText(ValueOf("(make-vector 10000 'abc)"), 5000).size(), 5003u);
  EXPECT_EQ(DisplayText(ValueOf("(make-string 100000 #\\a)"), 10),
            "aaaaaaaaaa...");
  // A circle that is no circle yet where the text ends.
  EXPECT_EQ(WriteText(ValueOf("(define l (make-vector 1000 0))"
                              "(vector-set! l 999 l) l"),
                      5),
            "#(0 0...");
}

TEST_P(PrinterTest, ASinkThatWantsNoMoreEndsIt) {
  StringSink sink;
  sink.most_bytes_ = 1;
  Print(ValueOf("(make-vector 100000 0)"), {}, sink);
  EXPECT_LT(sink.text_.size(), 10000u);
}

TEST_P(PrinterTest, AMillionLevelsAreWritten) {
  if (IsMoving()) return;
  constexpr std::size_t kDepth = 1'000'000;
  const HandleScope scope(mutator_);
  Local nested(mutator_, Value::Nil());
  for (std::size_t i = 0; i < kDepth; ++i) {
    nested.set(runtime::MakePair(mutator_, nested.get(), Value::Nil()));
  }
  EXPECT_EQ(WriteText(nested.get()),
            std::string(kDepth + 1, '(') + std::string(kDepth + 1, ')'));
  EXPECT_EQ(TextWith(Labels::kShared, nested.get()).size(), 2 * kDepth + 2);
  EXPECT_EQ(WriteText(nested.get(), 3), "(((...");
  Local list(mutator_, Value::Nil());
  for (std::size_t i = 0; i < kDepth; ++i) {
    list.set(runtime::MakePair(mutator_, Value::SmallInteger(1), list.get()));
  }
  EXPECT_EQ(WriteText(list.get()).size(), 2 * kDepth + 1);
}

INSTANTIATE_TEST_SUITE_P(Policies, PrinterTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda

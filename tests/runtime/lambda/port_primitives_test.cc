// Programs with ports that are in memory: R7RS small, section 6.13.
#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class PortPrimitivesTest : public ProgramTest {
 protected:
  // What the forms do with `p`, a port that reads `text`.
  std::string Reading(std::string_view text, std::string_view forms) {
    return Run("(let ((p (open-input-string " + std::string(text) + "))) " +
               std::string(forms) + ")");
  }
  // What the forms write to `p`.
  std::string Written(std::string_view forms) {
    return Run("(let ((p (open-output-string))) " + std::string(forms) +
               " (get-output-string p))");
  }
};

TEST_P(PortPrimitivesTest, PortsAreWhatTheyAreMadeAs) {
  EXPECT_EQ(Run("(define (kinds p) (list (port? p) (input-port? p)"
                " (output-port? p) (textual-port? p) (binary-port? p)))"
                "(kinds (open-input-string \"\"))"),
            "(#t #t #f #t #f)");
  EXPECT_EQ(Run("(kinds (open-output-string))"), "(#t #f #t #t #f)");
  EXPECT_EQ(Run("(kinds (open-input-bytevector (bytevector)))"),
            "(#t #t #f #f #t)");
  EXPECT_EQ(Run("(kinds (open-output-bytevector))"), "(#t #f #t #f #t)");
  EXPECT_EQ(Run("(kinds 5)"), "(#f #f #f #f #f)");
  EXPECT_EQ(Run("(kinds (current-input-port))"), "(#t #t #f #t #f)");
  EXPECT_EQ(Run("(kinds (current-output-port))"), "(#t #f #t #t #f)");
  EXPECT_EQ(Run("(kinds (current-error-port))"), "(#t #f #t #t #f)");
  EXPECT_EQ(Run("(list (open-input-string \"\") (open-output-bytevector)"
                " (current-output-port))"),
            "(#<input port the string> #<binary output port the bytevector>"
            " #<output port standard output>)");
}

TEST_P(PortPrimitivesTest, AClosedPortIsNoMoreReadOrWritten) {
  EXPECT_EQ(Reading("\"ab\"",
                    "(let* ((a (input-port-open? p)) (b (close-port p)))"
                    " (close-port p) (close-input-port p)"
                    " (list a (input-port-open? p) p))"),
            "(#t #f #<closed input port the string>)");
  EXPECT_EQ(Reading("\"ab\"", "(close-input-port p) (read-char p)"),
            "raised wrong-type: read-char: argument 1 is not open any more "
            "(#<closed input port the string>)");
  EXPECT_EQ(Run("(define o (open-output-string)) (write 'a o)"
                "(define before (output-port-open? o)) (close-output-port o)"
                "(list before (output-port-open? o))"),
            "(#t #f)");
  EXPECT_EQ(Run("(write 1 o)"),
            "raised wrong-type: write: argument 2 is not open any more "
            "(#<closed output port the string>)");
  EXPECT_EQ(Run("(get-output-string o)"),
            "raised wrong-type: get-output-string: argument 1 is not open any "
            "more (#<closed output port the string>)");
  EXPECT_EQ(Run("(close-input-port o)"),
            "raised wrong-type: close-input-port: argument 1 is not an input "
            "port (#<closed output port the string>)");
  EXPECT_EQ(Run("(close-output-port (open-input-string \"\"))"),
            "raised wrong-type: close-output-port: argument 1 is not an output "
            "port (#<input port the string>)");
  EXPECT_EQ(Run("(close-port 'a)"),
            "raised wrong-type: close-port: argument 1 is not a port (a)");
  EXPECT_EQ(Run("(input-port-open? o)").substr(0, 10), "raised wro");
  EXPECT_EQ(Run("(output-port-open? 1)").substr(0, 10), "raised wro");
}

TEST_P(PortPrimitivesTest, CharactersAreReadAndPeekedAt) {
  EXPECT_EQ(
      Reading("\"a\\x3bb;\\x1F600;\"",
              "(let* ((a (peek-char p)) (b (read-char p))"
              " (c (read-char p)) (d (peek-char p)) (e (read-char p))"
              " (f (peek-char p)) (g (read-char p)) (h (read-char p)))"
              " (list a b c d e (eof-object? f) (eof-object? g) h))"),
      "(#\\a #\\a #\\λ #\\\U0001F600 #\\\U0001F600 #t #t #<end of file>)");
  EXPECT_EQ(Reading("\"a\"",
                    "(list (char-ready? p) (read-char p)"
                    " (char-ready? p))"),
            "(#t #\\a #t)");
  EXPECT_EQ(Run("(list (eof-object) (eof-object? (eof-object))"
                " (eof-object? 'eof))"),
            "(#<end of file> #t #f)");
  EXPECT_EQ(Run("(read-char (open-output-string))"),
            "raised wrong-type: read-char: argument 1 is not a textual input "
            "port (#<output port the string>)");
  EXPECT_EQ(Run("(peek-char (open-input-bytevector (bytevector 1)))"),
            "raised wrong-type: peek-char: argument 1 is not a textual input "
            "port (#<binary input port the bytevector>)");
}

TEST_P(PortPrimitivesTest, LinesEndInAllThreeWays) {
  EXPECT_EQ(Reading("\"one\\ntwo\\r\\nthree\\rfour\\n\\n\\r\\nlast\"",
                    "(let loop ((lines '())) (let ((line (read-line p)))"
                    " (if (eof-object? line) (list lines (read-line p))"
                    "  (loop (cons line lines)))))"),
            "((\"last\" \"\" \"\" \"four\" \"three\" \"two\" \"one\")"
            " #<end of file>)");
  EXPECT_EQ(Reading("\"a\\r\\nb\"",
                    "(let* ((a (read-line p)) (b (peek-char p)))"
                    " (list a b (read-char p) (read-char p)))"),
            "(\"a\" #\\b #\\b #<end of file>)");
  EXPECT_EQ(Reading("\"\"", "(read-line p)"), "#<end of file>");
  EXPECT_EQ(Reading("\"\\x3bb;\\x100;\"", "(read-line p)"), "\"λĀ\"");
}

TEST_P(PortPrimitivesTest, StringsAreReadUpToALength) {
  EXPECT_EQ(Reading("\"ab\\x3bb;cd\"",
                    "(let* ((a (read-string 0 p)) (b (read-string 3 p))"
                    " (c (read-string 9 p)) (d (read-string 0 p)))"
                    " (list a b c d (read-string 1 p)))"),
            "(\"\" \"abλ\" \"cd\" \"\" #<end of file>)");
  EXPECT_EQ(Reading("\"\"", "(read-string -1 p)").substr(0, 20),
            "raised out-of-range:");
}

TEST_P(PortPrimitivesTest, BytesAreReadAndPeekedAt) {
  EXPECT_EQ(Run("(let* ((p (open-input-bytevector (bytevector 1 2 255 4 5 6)))"
                " (a (peek-u8 p)) (b (read-u8 p)) (c (u8-ready? p))"
                " (d (read-bytevector 2 p)) (e (read-bytevector 0 p))"
                " (f (make-bytevector 5 0)) (g (read-bytevector! f p 1 3))"
                " (h (read-bytevector! f p)) (i (read-bytevector! f p)))"
                " (list a b c d e f g h i (read-u8 p) (peek-u8 p)"
                "  (read-bytevector 3 p)))"),
            "(1 1 #t #u8(2 255) #u8() #u8(6 4 5 0 0) 2 1 #<end of file>"
            " #<end of file> #<end of file> #<end of file>)");
  EXPECT_EQ(Run("(read-u8 (open-input-string \"a\"))"),
            "raised wrong-type: read-u8: argument 1 is not a binary input port "
            "(#<input port the string>)");
  EXPECT_EQ(Run("(read-bytevector! (make-bytevector 2)"
                " (open-input-bytevector (bytevector)) 1 3)"),
            "raised out-of-range: read-bytevector!: argument 4 is not an end "
            "from 0 to 2 (3)");
}

TEST_P(PortPrimitivesTest, TextIsWrittenToAString) {
  EXPECT_EQ(
      Written("(write \"a\\n\" p) (display \"b\\\"\" p) (newline p)"
              " (write-char #\\x3bb p) (write-string \"cdef\" p)"
              " (write-string \"cdef\" p 1) (write-string \"cdef\" p 1 3)"),
      "\"\\\"a\\\\n\\\"b\\\"\\nλcdefdefde\"");
  EXPECT_EQ(Written("(let ((x (list 1 2))) (write (list x x) p)"
                    " (write-shared (list x x) p) (write-simple (list x x) p)"
                    " (set-cdr! x x) (write x p) (display x p))"),
            "\"((1 2) (1 2))(#0=(1 2) #0#)((1 2) (1 2))#0=(1 . #0#)"
            "#0=(1 . #0#)\"");
  EXPECT_EQ(Run("(let ((p (open-output-string))) (write 'a p)"
                " (let ((a (get-output-string p))) (write 'b p)"
                " (flush-output-port p) (list a (get-output-string p))))"),
            "(\"a\" \"ab\")");
  EXPECT_EQ(
      Run("(write-string \"abc\" (open-output-string) 2 1)").substr(0, 30),
      "raised out-of-range: write-str");
  EXPECT_EQ(Run("(write-char \"a\" (open-output-string))"),
            "raised wrong-type: write-char: argument 1 is not a character "
            "(\"a\")");
  EXPECT_EQ(Run("(display 1 (open-output-bytevector))"),
            "raised wrong-type: display: argument 2 is not a textual output "
            "port (#<binary output port the bytevector>)");
  EXPECT_EQ(Run("(get-output-string (open-output-bytevector))"),
            "raised wrong-type: get-output-string: argument 1 is not a port "
            "that open-output-string has made "
            "(#<binary output port the bytevector>)");
}

TEST_P(PortPrimitivesTest, BytesAreWrittenToABytevector) {
  EXPECT_EQ(Run("(let ((p (open-output-bytevector)) (b (bytevector 1 2 3)))"
                " (write-u8 0 p) (write-bytevector b p)"
                " (write-bytevector b p 1) (write-bytevector b p 1 2)"
                " (flush-output-port p) (get-output-bytevector p))"),
            "#u8(0 1 2 3 2 3 2)");
  EXPECT_EQ(Run("(write-u8 256 (open-output-bytevector))").substr(0, 20),
            "raised out-of-range:");
  EXPECT_EQ(Run("(write-u8 1 (open-output-string))"),
            "raised wrong-type: write-u8: argument 2 is not a binary output "
            "port (#<output port the string>)");
  EXPECT_EQ(Run("(write-bytevector \"a\" (open-output-bytevector))"),
            "raised wrong-type: write-bytevector: argument 1 is not a "
            "bytevector (\"a\")");
}

TEST_P(PortPrimitivesTest, ParametersAreTheDefault) {
  EXPECT_EQ(Run("(let ((p (open-output-string)))"
                " (parameterize ((current-output-port p)) (write 'a)"
                "  (display \"b\") (newline) (write-char #\\c)"
                "  (write-string \"d\") (write-shared 'e) (write-simple 'f)"
                "  (flush-output-port))"
                " (get-output-string p))"),
            "\"ab\\ncdef\"");
  EXPECT_EQ(Run("(parameterize ((current-input-port (open-input-string"
                " \"abc\\ndefgh\"))) (let* ((a (peek-char)) (b (read-char))"
                " (c (read-line)) (d (read-string 2)) (e (char-ready?)))"
                " (list a b c d e)))"),
            "(#\\a #\\a \"bc\" \"de\" #t)");
  EXPECT_EQ(Run("(parameterize ((current-input-port (open-output-string))) 1)"),
            "raised wrong-type: current-input-port: argument 1 is not an input "
            "port (#<output port the string>)");
  EXPECT_EQ(Run("(parameterize ((current-error-port 1)) 1)"),
            "raised wrong-type: current-error-port: argument 1 is not an "
            "output port (1)");
  EXPECT_EQ(Run("(read-u8)"),
            "raised wrong-type: read-u8: the port of current-input-port is not "
            "a binary input port");
  EXPECT_EQ(Run("(let ((p (open-output-string))) (close-port p)"
                " (parameterize ((current-output-port p)) (newline)))"),
            "raised wrong-type: newline: the port of current-output-port is "
            "not open any more");
}

TEST_P(PortPrimitivesTest, CallWithPortClosesIt) {
  EXPECT_EQ(Run("(define q (open-input-string \"abc\"))"
                "(let ((c (call-with-port q read-char)))"
                " (list c (input-port-open? q)))"),
            "(#\\a #f)");
  EXPECT_EQ(
      Run("(call-with-values (lambda () (call-with-port"
          " (open-input-string \"abc\") (lambda (p) (values 1 2)))) list)"),
      "(1 2)");
}

TEST_P(PortPrimitivesTest, WhatPortsHaveOutsideTheHeapIsReported) {
  const auto tag = heap_.external().TagOf("ports");
  EXPECT_EQ(Run("(define p (open-output-string))"
                "(write-string (make-string 100000 #\\a) p) 1"),
            "1");
  EXPECT_GE(heap_.external().bytes(tag), 100'000u);
  Run("(close-port p)");
  EXPECT_LT(heap_.external().bytes(tag), 10'000u);
}

// Where something is found dead.
class DroppedMemoryPortsTest : public PortPrimitivesTest {};

TEST_P(DroppedMemoryPortsTest, PortsThatAreDroppedGiveTheirMemoryBack) {
  const auto tag = heap_.external().TagOf("ports");
  EXPECT_EQ(Run("(define (drop n) (if (> n 0) (begin"
                " (open-input-string (make-string 100000 #\\a))"
                " (drop (- n 1))))) (drop 100) 1"),
            "1");
  for (int i = 0; i < 3; ++i) {
    mutator_.Collect(gc::CollectionKind::kMajor);
    Run("(let loop ((i 0)) (if (< i 3000) (begin (make-vector 100 0)"
        " (loop (+ i 1)))))");
  }
  EXPECT_LT(heap_.external().bytes(tag), 300'000u);
  EXPECT_LT(vm_.ports().count(), 10u);
}

INSTANTIATE_TEST_SUITE_P(Policies, PortPrimitivesTest, EveryProgramHeap());
INSTANTIATE_TEST_SUITE_P(Policies, DroppedMemoryPortsTest,
                         EveryCollectingHeap());

}  // namespace
}  // namespace fledge::lambda

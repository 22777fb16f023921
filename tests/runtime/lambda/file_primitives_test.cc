// Programs with files: R7RS small, sections 6.13.1 and 6.14.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "runtime/lambda/input_stream.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class FilePrimitivesTest : public ProgramTest {
 protected:
  FilePrimitivesTest() {
    std::string folder = ::testing::TempDir() + "fledge-ports-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    Run("(define (name n) (string-append \"" + folder + "/\" n))");
  }
  ~FilePrimitivesTest() override { std::filesystem::remove_all(folder_); }

  void WriteFile(const std::string& name, std::string_view content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  std::string ContentOf(const std::string& name) {
    std::ostringstream content;
    content << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return content.str();
  }
  // The same with the name of the folder left out.
  std::string RunHere(std::string_view text) {
    std::string result = Run(text);
    const std::string prefix = folder_.string() + "/";
    for (auto at = result.find(prefix); at != std::string::npos;
         at = result.find(prefix)) {
      result.erase(at, prefix.size());
    }
    return result;
  }

  std::filesystem::path folder_;
};

TEST_P(FilePrimitivesTest, WhatIsWrittenIsReadAgain) {
  EXPECT_EQ(RunHere("(define o (open-output-file (name \"a\")))"
                    "(write '(a \"b\\x3bb;\") o) (newline o) o"),
            "#<output port a>");
  EXPECT_EQ(ContentOf("a"), "");
  EXPECT_EQ(RunHere("(flush-output-port o) (list (textual-port? o)"
                    " (output-port? o))"),
            "(#t #t)");
  EXPECT_EQ(ContentOf("a"), "(a \"b\u03bb\")\n");
  EXPECT_EQ(RunHere("(write-char #\\x o) (close-port o)"
                    "(call-with-input-file (name \"a\")"
                    " (lambda (p) (let* ((a (read-line p)) (b (read-line p)))"
                    "  (list a b (read-line p)))))"),
            "(\"(a \\\"b\u03bb\\\")\" \"x\" #<end of file>)");
  EXPECT_EQ(RunHere("(call-with-output-file (name \"a\")"
                    " (lambda (p) (write 5 p)))"
                    "(with-input-from-file (name \"a\") read-char)"),
            "#\\5");
  EXPECT_EQ(RunHere("(with-output-to-file (name \"a\")"
                    " (lambda () (write 'abc) 7))"),
            "7");
  EXPECT_EQ(ContentOf("a"), "abc");
}

TEST_P(FilePrimitivesTest, BytesAreWrittenAndReadAgain) {
  EXPECT_EQ(RunHere("(define o (open-binary-output-file (name \"b\")))"
                    "(write-u8 255 o) (write-bytevector (bytevector 0 10) o)"
                    "(close-output-port o)"
                    "(define i (open-binary-input-file (name \"b\")))"
                    "(list (u8-ready? i) (peek-u8 i) (read-bytevector 9 i)"
                    " (u8-ready? i) (read-u8 i))"),
            "(#t 255 #u8(255 0 10) #t #<end of file>)");
}

TEST_P(FilePrimitivesTest, FilesAreLookedForAndDeleted) {
  WriteFile("c", "");
  EXPECT_EQ(RunHere("(let* ((a (file-exists? (name \"c\")))"
                    " (b (delete-file (name \"c\"))))"
                    " (list a (file-exists? (name \"c\"))"
                    "  (file-exists? \"a\\x0;b\")))"),
            "(#t #f #f)");
  EXPECT_EQ(RunHere("(delete-file (name \"c\"))"),
            "raised file-error: cannot delete c: No such file or directory");
  EXPECT_EQ(RunHere("(delete-file 'c)"),
            "raised wrong-type: delete-file: argument 1 is not a string (c)");
  EXPECT_EQ(RunHere("(file-exists? 1)").substr(0, 17), "raised wrong-type");
  EXPECT_EQ(RunHere("(delete-file \"a\\x0;\")"),
            "raised file-error: cannot delete a file with the character "
            "#\\null in its name");
}

TEST_P(FilePrimitivesTest, WhatCannotBeOpenedIsAFileError) {
  const std::string missing =
      "raised file-error: cannot open none: No such file or directory";
  EXPECT_EQ(RunHere("(open-input-file (name \"none\"))"), missing);
  EXPECT_EQ(RunHere("(open-binary-input-file (name \"none\"))"), missing);
  EXPECT_EQ(RunHere("(call-with-input-file (name \"none\") read-char)"),
            missing);
  EXPECT_EQ(RunHere("(open-output-file (name \"x/y\"))"),
            "raised file-error: cannot open x/y: No such file or directory");
  EXPECT_EQ(RunHere("(open-binary-output-file 5)").substr(0, 17),
            "raised wrong-type");
  std::filesystem::create_directory(folder_ / "d");
  EXPECT_EQ(RunHere("(open-input-file (name \"d\"))"),
            "raised file-error: cannot open d: Is a directory");
  EXPECT_EQ(RunHere("(guard (e (#t 'caught))"
                    " (open-input-file (name \"none\")))"),
            "caught");
}

TEST_P(FilePrimitivesTest, WhatCannotBeWrittenIsAFileError) {
  ASSERT_TRUE(std::filesystem::exists("/dev/full"));
  const std::string full =
      "raised file-error: cannot write to /dev/full: No space left on device";
  EXPECT_EQ(Run("(define o (open-output-file \"/dev/full\")) (write 'a o)"
                "(flush-output-port o)"),
            full);
  EXPECT_EQ(Run("(write 'a o) (close-port o)"), full);
  EXPECT_EQ(Run("(close-port o) (output-port-open? o)"), "#f");
  EXPECT_EQ(Run("(write (make-string 100000 #\\a)"
                " (open-output-file \"/dev/full\"))"),
            full);
}

TEST_P(FilePrimitivesTest, LinesAreLongerThanBuffers) {
  std::string content;
  std::string shown = "(";
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, InputStream::kBufferBytes - 1,
        InputStream::kBufferBytes, InputStream::kBufferBytes + 1,
        3 * InputStream::kBufferBytes}) {
    // Ends of lines lie on all sides of the buffer's end.
    for (const std::string_view end : {"\n", "\r\n", "\r"}) {
      content += std::string(length, 'x') + std::string(end);
      shown += (shown.size() > 1 ? " " : "") + std::to_string(length);
    }
  }
  WriteFile("long", content);
  EXPECT_EQ(RunHere("(call-with-input-file (name \"long\") (lambda (p)"
                    " (let loop () (let ((line (read-line p)))"
                    "  (if (eof-object? line) '()"
                    "   (cons (string-length line) (loop)))))))"),
            shown + ")");
}

TEST_P(FilePrimitivesTest, CharactersLieAcrossBuffers) {
  for (std::size_t before = 0; before < 4; ++before) {
    const std::size_t count = InputStream::kBufferBytes - before;
    WriteFile("wide", std::string(count, 'x') + "\U0001F600\u03bb");
    EXPECT_EQ(RunHere("(call-with-input-file (name \"wide\") (lambda (p)"
                      " (let* ((a (read-string " +
                      std::to_string(count) +
                      " p)) (b (peek-char p)) (c (read-char p))"
                      " (d (read-char p))) (list b c d (read-char p)))))"),
              "(#\\\U0001F600 #\\\U0001F600 #\\λ #<end of file>)");
  }
}

TEST_P(FilePrimitivesTest, WhatIsNotUtf8IsAReadErrorAndPassed) {
  WriteFile("bad", "ab\xff\ncd\nef\xce");
  EXPECT_EQ(RunHere("(define p (open-input-file (name \"bad\")))"
                    "(define (try f) (guard (e (#t e)) (f p)))"
                    "(list (try read-char) (try read-char) (try read-char)"
                    " (try read-char))"),
            "(#\\a #\\b #<condition read-error: \"bad is not UTF-8 at its byte "
            "2\" ()> #\\newline)");
  EXPECT_EQ(RunHere("(list (try read-line) (try read-line) (try read-line))"),
            "(\"cd\" #<condition read-error: \"bad is not UTF-8 at its byte "
            "9\" ()> #<end of file>)");
  EXPECT_EQ(RunHere("(define p (open-input-file (name \"bad\")))"
                    "(list (try read-line) (try read-line))"),
            "(#<condition read-error: \"bad is not UTF-8 at its byte 2\" ()>"
            " \"cd\")");
}

TEST_P(FilePrimitivesTest, PlacesInFilesCountFromTheirBeginnings) {
  const std::size_t before = 2 * InputStream::kBufferBytes + 5;
  WriteFile("bad", std::string(before, '\n') + "\xff");
  EXPECT_EQ(RunHere("(define p (open-input-file (name \"bad\")))"
                    "(let loop () (if (eqv? (peek-char p) #\\newline)"
                    " (begin (read-line p) (loop))))"),
            "raised read-error: bad is not UTF-8 at its byte " +
                std::to_string(before));
}

TEST_P(FilePrimitivesTest, WithOpenFileClosesAtEveryExit) {
  EXPECT_EQ(RunHere("(define kept #f)"
                    "(define r (with-open-file (p (name \"w\") 'write)"
                    " (set! kept p) (write 'a p) 'result))"
                    "(list r (output-port-open? kept))"),
            "(result #f)");
  EXPECT_EQ(RunHere("(list (guard (e (#t 'wrong))"
                    " (with-open-file (p (name \"w\") 'append)"
                    "  (set! kept p) (write 'b p) (car 5)))"
                    " (output-port-open? kept))"),
            "(wrong #f)");
  EXPECT_EQ(RunHere("(list (guard (e (#t 'caught))"
                    " (with-open-file (p (name \"w\") 'append)"
                    "  (set! kept p) (write 'c p) (raise 'oops)))"
                    " (output-port-open? kept))"),
            "(caught #f)");
  EXPECT_EQ(RunHere("(list (call/cc (lambda (k)"
                    " (with-open-file (p (name \"w\") 'append-binary)"
                    "  (set! kept p) (write-u8 65 p) (k 'out))))"
                    " (output-port-open? kept))"),
            "(out #f)");
  EXPECT_EQ(ContentOf("w").substr(0, 1), "a");
  EXPECT_EQ(ContentOf("w"), "abcA");
  EXPECT_EQ(RunHere("(with-open-file (p (name \"w\") 'read) (read-char p))"),
            "#\\a");
  EXPECT_EQ(RunHere("(with-open-file (p (name \"w\") 'write-binary)"
                    " (write-u8 7 p))"
                    "(with-open-file (p (name \"w\") 'read-binary)"
                    " (read-u8 p))"),
            "7");
  EXPECT_EQ(RunHere("(define k #f) (define n 0)"
                    "(with-open-file (p (name \"w\") 'read)"
                    " (call/cc (lambda (c) (set! k c))))"
                    "(set! n (+ n 1)) (if (= n 1) (k 1))")
                .substr(0, 52),
            "raised error: with-open-file: its file is closed sin");
  EXPECT_EQ(RunHere("(with-open-file (p (name \"w\") 'sing) 1)").substr(0, 44),
            "raised error: with-open-file: a mode is read");
}

// Where something is found dead.
class DroppedFilePortsTest : public FilePrimitivesTest {};

TEST_P(DroppedFilePortsTest, DroppedPortsAreFlushedAndClosed) {
  EXPECT_EQ(RunHere("(define (drop) (write 'dropped"
                    " (open-output-file (name \"dropped\"))) 1) (drop)"),
            "1");
  EXPECT_EQ(ContentOf("dropped"), "");
  // Nothing of the call is in a register any more.
  Run("(let loop ((i 0)) (if (< i 100) (loop (+ i 1))))");
  mutator_.Collect(gc::CollectionKind::kMajor);
  mutator_.Collect(gc::CollectionKind::kMajor);
  // Some policies find it a collection later.
  vm_.ports().CloseDropped();
  EXPECT_EQ(ContentOf("dropped"), "dropped");
}

TEST_P(DroppedFilePortsTest, DroppedPortsDoNotUseUpTheFiles) {
  WriteFile("many", "x");
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few = {64, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  EXPECT_EQ(RunHere("(define (open n) (if (> n 0) (begin"
                    " (read-char (open-input-file (name \"many\")))"
                    " (open (- n 1))))) (open 500) 'done"),
            "done");
  EXPECT_EQ(RunHere("(define (keep n all) (if (= n 0) all (keep (- n 1)"
                    " (cons (open-input-file (name \"many\")) all))))"
                    "(keep 500 '())"),
            "raised file-error: cannot open many: Too many open files");
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

// Standard output is the file `name` as long as it lives.
class OutputToFile {
 public:
  explicit OutputToFile(const std::string& name) : saved_(dup(STDOUT_FILENO)) {
    EXPECT_NE(freopen(name.c_str(), "w", stdout), nullptr);
  }
  ~OutputToFile() {
    dup2(saved_, STDOUT_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

TEST_P(FilePrimitivesTest, TheMachineFlushesStandardOutputAtItsEnd) {
  std::string before;
  {
    const OutputToFile redirected(folder_ / "out");
    Vm vm(heap_, mutator_, kSmallStack);
    Session session(vm);
    session.Run("(display \"hello\")", "test");
    before = ContentOf("out");
    vm.ports().FlushAll();
    session.Run("(display \", world\")", "test");
  }
  EXPECT_EQ(before, "");
  EXPECT_EQ(ContentOf("out"), "hello, world");
}

TEST_P(FilePrimitivesTest, TheMachineFlushesOtherFilesAtItsEnd) {
  {
    Vm vm(heap_, mutator_, kSmallStack);
    Session session(vm);
    session.Run("(define o (open-output-file \"" + (folder_ / "o").string() +
                    "\")) (write 'kept o)",
                "test");
  }
  EXPECT_EQ(ContentOf("o"), "kept");
}

INSTANTIATE_TEST_SUITE_P(Policies, FilePrimitivesTest, EveryProgramHeap());
INSTANTIATE_TEST_SUITE_P(Policies, DroppedFilePortsTest, EveryCollectingHeap());

}  // namespace
}  // namespace fledge::lambda

// What a program cannot foresee: the heap is at its limit, or its user wants it
// to stop.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class InterruptionTest : public ProgramTest {
 protected:
  // With a limit that is soon reached.
  gc::HeapOptions Small(std::size_t bytes = 8 * kMiB) const {
    gc::HeapOptions options;
    options.max_heap_bytes = bytes;
    EXPECT_FALSE(ParseHeapOptions(GetParam(), options));
    return options;
  }
};

// Each fills the heap in its own way: in a loop of instructions, in procedures,
// in a primitive's loop, with closures, with big objects, with texts.
const char* const kRunaways[] = {
    "(let loop ((l '())) (loop (cons 1 l)))",
    "(define (grow l) (grow (cons l (list 1 2 3)))) (grow '())",
    "(make-list 100000000 1)",
    "(let loop ((f (lambda () 1))) (loop (lambda () (f))))",
    "(let loop ((l '())) (loop (cons (make-vector 1000 l) l)))",
    "(make-vector 100000000 0)",
    "(make-string 1000000000 #\\a)",
    "(let loop ((s \"abc\")) (loop (string-append s s)))",
    "(let loop ((n 3)) (loop (* n n)))",
    "(let loop ((l (list 1))) (loop (append l l)))",
    "(let loop ((l (list 1))) (loop (list-copy (append l l))))",
    "(let loop ((l (list 1))) (loop (reverse (append l l))))",
    "(let loop ((t (make-hash-table equal?)) (i 0))"
    " (hash-table-set! t i (list i)) (loop t (+ i 1)))",
    "(let loop ((l '())) (loop (cons (delay 1) (cons 1.5 l))))",
    "(let loop ((l '())) (loop (cons (string->symbol (number->string"
    " (length l))) (cons (make-list 100 1) l))))",
    "(let ((t (make-hash-table equal?))) (let fill ((i 0)) (if (< i 5000)"
    " (begin (hash-table-set! t i i) (fill (+ i 1)))))"
    " (let loop ((l '())) (loop (cons (hash-table->alist t) l))))",
    "(let ((o (open-output-string))) (write (make-list 5000 1) o)"
    " (let ((text (get-output-string o))) (let loop ((l '()))"
    " (loop (cons (read (open-input-string text)) l)))))",
    "(let ((o (open-output-string))) (write (make-string 200000 #\\a) o)"
    " (let ((text (get-output-string o))) (let loop ((l '()))"
    " (loop (cons (read (open-input-string text)) l)))))",
    "(let loop ((l '())) (loop (cons (eval (list 'quote (make-list 1000 1)))"
    " l)))",
};

// Where a full heap has room again.
class FullHeapTest : public InterruptionTest {};

TEST_P(FullHeapTest, AProgramCatchesThatThereIsNoMemoryAndGoesOn) {
  for (const char* runaway : kRunaways) {
    SCOPED_TRACE(runaway);
    // The verifier looks at all of it, each time.
    runtime::Heap heap(Small(IsMoving() ? 2 * kMiB : 8 * kMiB));
    runtime::Mutator mutator(heap);
    Vm vm(heap, mutator, kSmallStack);
    Session session(vm);
    const std::string program =
        "(define (try thunk) (guard (e (#t (error-object-kind e))) (thunk)))"
        "(define (catch) (try (lambda () " +
        std::string(runaway) + ")))";
    for (int i = 0; i < 2; ++i) {
      const Value value = session.Run(program + "(catch)", "test");
      ASSERT_FALSE(value.IsEmpty()) << WriteText(vm.TakeRaised());
      EXPECT_EQ(WriteText(value), "out-of-memory");
    }
    // And has room again.
    EXPECT_EQ(WriteText(session.Run("(length (make-list 10000 1))", "test")),
              "10000");
  }
}

TEST_P(FullHeapTest, WhoDoesNotCatchItIsToldWhatTheMemoryWasFor) {
  runtime::Heap heap(Small());
  runtime::Mutator mutator(heap);
  Vm vm(heap, mutator, kSmallStack);
  Session session(vm);
  EXPECT_TRUE(session.Run(kRunaways[0], "test").IsEmpty());
  const runtime::Condition raised(vm.TakeRaised());
  const std::string message = DisplayText(raised.message());
  EXPECT_TRUE(message.starts_with("out of memory: the limit of 8.0 MB"))
      << message;
  EXPECT_NE(message.find("most of it pair"), std::string::npos) << message;
}

// The stack is full, so there is no room in the heap for all of it.
TEST_P(FullHeapTest, AGuardAboveAFullStackCopiesNoneOfIt) {
  runtime::Heap heap(Small());
  runtime::Mutator mutator(heap);
  Vm vm(heap, mutator, kSmallStack);
  Session session(vm);
  const Value value = session.Run(
      "(define (deep n) (+ 1 (deep n)))"
      "(list (guard (e ((symbol? e) 'symbol) ((error-object? e)"
      "  (error-object-kind e))) (deep 1))"
      " (guard (e ((error-object? e) => (lambda (x) x)))"
      "  (guard (e ((symbol? e) 'symbol)) (deep 1))))",
      "test");
  ASSERT_FALSE(value.IsEmpty()) << WriteText(vm.TakeRaised());
  EXPECT_EQ(WriteText(value), "(recursion-too-deep #t)");
}

TEST_P(InterruptionTest, TheUserStopsALoop) {
  for (const char* endless :
       {"(let loop () (loop))", "(define (f) (g)) (define (g) (f)) (f)",
        "(let loop ((i 0)) (car '(1)) (loop (+ i 1)))"}) {
    std::thread user([this] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      vm_.Interrupt(Interruption::kByUser);
    });
    EXPECT_EQ(Run(endless), "raised interrupted: interrupted by the user");
    user.join();
    EXPECT_EQ(Run("(+ 1 2)"), "3");
  }
}

// A pipe with a name, which the test writes.
class InterruptedReadTest : public InterruptionTest {
 protected:
  InterruptedReadTest() {
    path_ = ::testing::TempDir() + "interrupted_" + std::to_string(getpid());
    EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
    pipe_ = open(path_.c_str(), O_RDWR);
    // As the program's own handler is: it returns, and the wait ends.
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    sigaction(SIGUSR1, &action, &before_);
  }
  ~InterruptedReadTest() override {
    sigaction(SIGUSR1, &before_, nullptr);
    close(pipe_);
    unlink(path_.c_str());
  }

  void Send(const std::string& text) {
    EXPECT_EQ(write(pipe_, text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }

  std::string path_;
  int pipe_ = -1;
  struct sigaction before_ = {};
};

TEST_P(InterruptedReadTest, LosesNothing) {
  EXPECT_EQ(Run("(define in (open-input-file \"" + path_ + "\"))"),
            "#<undefined>");
  Send("ab");
  const pthread_t reader = pthread_self();
  for (int i = 0; i < 2; ++i) {
    std::atomic<bool> is_done = false;
    std::thread user([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      vm_.Interrupt(Interruption::kByUser);
      while (!is_done) {
        pthread_kill(reader, SIGUSR1);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    EXPECT_EQ(Run("(read-line in)"),
              "raised interrupted: interrupted by the user");
    is_done = true;
    user.join();
  }
  Send("c\nd");
  EXPECT_EQ(Run("(read-line in)"), "\"abc\"");
  EXPECT_EQ(Run("(read-char in)"), "#\\d");
}

TEST_P(InterruptedReadTest, OtherSignalsStopNothing) {
  EXPECT_EQ(Run("(define in (open-input-file \"" + path_ + "\"))"),
            "#<undefined>");
  const pthread_t reader = pthread_self();
  std::thread other([&] {
    for (int i = 0; i < 10; ++i) {
      pthread_kill(reader, SIGUSR1);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Send("a\n");
  });
  EXPECT_EQ(Run("(read-line in)"), "\"a\"");
  other.join();
}

INSTANTIATE_TEST_SUITE_P(Policies, InterruptedReadTest, EveryCollectingHeap());
INSTANTIATE_TEST_SUITE_P(Policies, InterruptionTest, EveryProgramHeap());
INSTANTIATE_TEST_SUITE_P(Policies, FullHeapTest, EveryCollectingHeap());

}  // namespace
}  // namespace fledge::lambda

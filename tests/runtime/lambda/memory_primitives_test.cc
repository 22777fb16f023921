#include "runtime/lambda/memory_services.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class MemoryPrimitivesTest : public ProgramTest {
 protected:
  std::size_t Number(const std::string& text) { return std::stoull(Run(text)); }
};

TEST_P(MemoryPrimitivesTest, ObjectsAreAsSmallAsTheyShouldBe) {
  EXPECT_EQ(Run("(object-size (cons 1 2))"), "24");
  EXPECT_LE(Number("(define (make a b) (lambda () (cons a b)))"
                   "(object-size (make 1 2))"),
            40u);
  EXPECT_LE(Number("(object-size (make-string 100 #\\a))"), 120u);
  EXPECT_EQ(Number("(object-size (make-vector 1000 0))") -
                Number("(object-size (make-vector 999 0))"),
            8u);
  EXPECT_EQ(Run("(list (object-size 1) (object-size #\\a) (object-size '())"
                " (object-size #t))"),
            "(0 0 0 0)");
}

TEST_P(MemoryPrimitivesTest, PartsThatNobodyElseCanGetCount) {
  EXPECT_EQ(Run("(object-size {})"), "32");
  EXPECT_EQ(Run("(object-size {:a 1})"), std::to_string(32 + 8 + 8 * 16));
  EXPECT_EQ(Run("(object-size (make-hash-table))"), "40");
  EXPECT_EQ(Run("(define t (make-hash-table)) (hash-table-set! t 1 2)"
                "(object-size t)"),
            std::to_string(40 + (8 + 8 * 8) + (8 + 6 * 16)));
  EXPECT_EQ(Run("(define s (make-string 100 #\\a))"
                "(string-set! s 0 #\\λ) (object-size s)"),
            std::to_string(16 + 8 + 400));
}

// What a collection would free: the object, and what is reached through it
// alone.
TEST_P(MemoryPrimitivesTest, RetainedIsWhatWouldBeFreed) {
  EXPECT_EQ(Run("(define shared (list 1 2))"
                "(define x (cons (list 3 4) shared))"
                "(retained-size x)"),
            "72");
  EXPECT_EQ(Run("(set! shared #f) (retained-size x)"), "120");
  EXPECT_EQ(Run("(retained-size (cdr x))"), "48");
  EXPECT_EQ(Run("(retained-size 5)"), "0");
  EXPECT_EQ(Run("(define circle (list 1 2 3))"
                "(set-cdr! (cdr (cdr circle)) circle)"
                "(retained-size circle)"),
            "72");
  // Of two that refer to the same, none keeps it alone.
  EXPECT_EQ(Run("(define a (list (make-vector 100 0)))"
                "(define b (list (car a)))"
                "(list (retained-size a) (retained-size b))"),
            "(24 24)");
}

TEST_P(MemoryPrimitivesTest, DeepAndWideDataHaveTheirSize) {
  if (IsMoving()) return;
  EXPECT_EQ(Run("(define deep (let loop ((i 0) (l '()))"
                "  (if (= i 300000) l (loop (+ i 1) (cons l '())))))"
                "(retained-size deep)"),
            std::to_string(300'000 * 24));
}

TEST_P(MemoryPrimitivesTest, WeakThingsRetainWhatTheyWouldInACollection) {
  // A weak map keeps the value of a key that is alive, and so does the key.
  EXPECT_EQ(Run("(define m (make-weak-map)) (define key (list 1))"
                "(weak-map-set! m key (make-vector 100 0))"
                "(define with-map (retained-size m))"
                "(define with-key (retained-size key))"
                "(list with-map (>= with-key (+ 24 8 800)))"),
            "(" + std::to_string(16 + 8 + 800) + " #t)");
  EXPECT_EQ(Run("(define target (make-vector 10 0))"
                "(define r (make-weak-reference target))"
                "(retained-size r)"),
            "16");
}

TEST_P(MemoryPrimitivesTest, StatsSayWhatCollectionsDid) {
  EXPECT_EQ(Run("(define before (memory-stats))"
                "(define (churn n) (if (> n 0) (begin (make-vector 1000 0)"
                "  (churn (- n 1)))))"
                "(churn 500) (gc) (define after (memory-stats))"
                "(define (grew? key) (> (map-ref after key)"
                "  (map-ref before key)))"
                "(list (map? after) (grew? :allocated)"
                " (grew? :major-collections) (grew? :major-ns)"
                " (> (+ (map-ref after :minor-freed)"
                "       (map-ref after :major-freed)) 3000000))"),
            IsWithoutCollector() ? "(#t #t #f #f #f)" : "(#t #t #t #t #t)");
  EXPECT_EQ(Run("(define (known? key) (>= (map-ref after key) 0))"
                "(list (known? :heap-used) (known? :external)"
                " (known? :snapshots) (> (map-ref after :namespaces) 3)"
                " (<= (map-ref after :heap-used) (map-ref after :heap-total))"
                " (<= (map-ref after :heap-used) (map-ref after :heap-peak))"
                " (known? :heap-limit) (known? :minor-collections)"
                " (known? :minor-ns) (known? :minor-longest-ns)"
                " (<= (map-ref after :major-longest-ns)"
                "     (map-ref after :major-ns)))"),
            "(#t #t #t #t #t #t #t #t #t #t #t)");
}

// Where something is found dead.
class FreedMemoryTest : public MemoryPrimitivesTest {};

// But for some blocks, which count whole, that the rest takes more.
TEST_P(FreedMemoryTest, ACollectionFreesWhatIsGone) {
  EXPECT_EQ(Run("(gc) (define (used) (map-ref (memory-stats) :heap-used))"
                "(define big (make-vector 500000 0))"
                "(define with-it (used)) (set! big #f) (gc)"
                "(> (- with-it (used)) 3700000)"),
            "#t");
}

TEST_P(MemoryPrimitivesTest, GcReturnsNothingSpecified) {
  EXPECT_EQ(Run("(gc)"), Run("(if #f #f)"));
}

INSTANTIATE_TEST_SUITE_P(Policies, MemoryPrimitivesTest, EveryProgramHeap());
INSTANTIATE_TEST_SUITE_P(Policies, FreedMemoryTest, EveryCollectingHeap());

// The library's own functions, with their code: what a program pays for each.
class FunctionSizeTest : public ProgramTest {};

TEST_P(FunctionSizeTest, AFunctionOfTheLibraryIsSmall) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  const auto size_of = [](Value object) {
    return runtime::SizeFrom(gc::LoadHeader(object.object()));
  };
  for (const char* name : {"dynamic-wind",
                           "call/cc",
                           "with-exception-handler",
                           "raise",
                           "error",
                           "make-parameter",
                           "make-promise",
                           "force",
                           "call-with-values",
                           "alist->map",
                           "map-update!",
                           "map-for-each",
                           "make-hash-table",
                           "alist->hash-table",
                           "hash-table-update!/default",
                           "hash-table-intern!",
                           "hash-table-walk",
                           "hash-table-fold",
                           "hash-table-prune!",
                           "hash-table-union!",
                           "weak-map-update!",
                           "make-guardian",
                           "run-cleanups",
                           "gc"}) {
    const Value closure = session_.Run(name, "test");
    ASSERT_TRUE(Is(closure, ObjectType::kClosure)) << name;
    const runtime::Template of(runtime::Closure(closure).closure_template());
    const std::size_t size = size_of(closure) + size_of(of.value()) +
                             size_of(of.code()) + size_of(of.constants());
    EXPECT_LE(size, 700u) << name;
    bytes += size;
    ++count;
  }
  EXPECT_LE(bytes / count, 400u);
  RecordProperty("mean_bytes", static_cast<int>(bytes / count));
}

INSTANTIATE_TEST_SUITE_P(Policies, FunctionSizeTest,
                         ::testing::Values("policy=genimmix"));

}  // namespace
}  // namespace fledge::lambda

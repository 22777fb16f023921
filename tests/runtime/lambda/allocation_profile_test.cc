#include "runtime/lambda/allocation_profile.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "runtime/lambda/session.h"
#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

using Row = AllocationProfile::Row;
using Amount = AllocationProfile::Amount;

constexpr gc::SamplingOptions kEach = {.interval_bytes = 1, .seed = 5};

// Not at each allocation: a session makes thousands before it begins.
gc::HeapOptions Stressed(gc::Policy policy) {
  gc::HeapOptions options = Machine::Moving(policy);
  options.stress.every = 53;
  options.stress.evacuate_all = true;
  return options;
}

// A machine whose programs are sampled.
struct Profiled {
  explicit Profiled(const gc::HeapOptions& options,
                    const gc::SamplingOptions& sampling = kEach)
      : heap(options), mutator(heap), vm(heap, mutator) {
    session.emplace(vm);
    profile.emplace(vm, sampling);
    profile->SetSources(session->sources());
  }

  void Run(std::string_view text) {
    EXPECT_FALSE(session->Run(text, "test").IsEmpty());
  }
  // Of all rows that `matches` is true of.
  template <typename Matches>
  Amount Sum(Amount Row::*amount, Matches&& matches) const {
    Amount sum;
    for (const Row& row : profile->Rows()) {
      if (!matches(row)) continue;
      sum.samples += (row.*amount).samples;
      sum.objects += (row.*amount).objects;
      sum.bytes += (row.*amount).bytes;
    }
    return sum;
  }
  Amount Of(Amount Row::*amount, std::string_view function,
            std::string_view type) const {
    return Sum(amount, [&](const Row& row) {
      return row.function == function && row.type == type;
    });
  }

  runtime::Heap heap;
  runtime::Mutator mutator;
  Vm vm;
  std::optional<Session> session;
  std::optional<AllocationProfile> profile;
};

class AllocationProfileTest : public ::testing::TestWithParam<gc::Policy> {};

constexpr std::string_view kTwoFunctions =
    "(define (pairs n) (if (= n 0) '() (cons n (pairs (- n 1)))))\n"
    "(define (vectors n)\n"
    "  (let loop ((i 0) (last #f))\n"
    "    (if (= i n) last (loop (+ i 1) (make-vector 8 i)))))\n";

// With an interval of a byte every object is a sample, and stands for itself.
TEST_P(AllocationProfileTest, EachObjectCountsForTheFunctionThatMadeIt) {
  Profiled machine(Machine::Quiet(GetParam()));
  machine.Run(kTwoFunctions);
  machine.Run("(define kept (pairs 100)) (vectors 50)");
  machine.profile->End();
  const Amount pairs = machine.Of(&Row::allocated, "pairs", "pair");
  EXPECT_EQ(pairs.samples, 100u);
  EXPECT_NEAR(pairs.objects, 100, 1e-6);
  EXPECT_NEAR(pairs.bytes, 2400, 1e-3);
  const Amount vectors = machine.Of(&Row::allocated, "vectors", "vector");
  EXPECT_EQ(vectors.samples, 50u);
  EXPECT_NEAR(vectors.bytes, 50 * 72, 1e-3);
  EXPECT_EQ(machine.Of(&Row::allocated, "pairs", "vector").samples, 0u);
  EXPECT_EQ(machine.Of(&Row::allocated, "vectors", "pair").samples, 0u);
}

TEST_P(AllocationProfileTest, TheEstimateIsNearWhatIsAllocated) {
  Profiled machine(Machine::Quiet(GetParam()),
                   {.interval_bytes = 2 * kKiB, .seed = 11});
  machine.Run(kTwoFunctions);
  // 90% pairs, 10% vectors.
  machine.Run(
      "(let loop ((i 0)) (if (< i 100) (begin (pairs 375)"
      " (vectors 14) (loop (+ i 1)))))");
  machine.profile->End();
  const double pairs = machine.Of(&Row::allocated, "pairs", "pair").bytes;
  const double vectors = machine.Of(&Row::allocated, "vectors", "vector").bytes;
  // Four standard deviations.
  EXPECT_NEAR(pairs, 900'000, 4 * 43'000);
  EXPECT_NEAR(vectors, 100'800, 4 * 14'500);
  EXPECT_NEAR(pairs / (pairs + vectors), 0.9, 0.06);
}

TEST_P(AllocationProfileTest, SamplesDieWithTheirObjects) {
  if (GetParam() == gc::Policy::kNoGc) return;
  for (const bool is_moving : {false, true}) {
    SCOPED_TRACE(is_moving);
    Profiled machine(is_moving ? Stressed(GetParam())
                               : Machine::Quiet(GetParam()));
    machine.Run(kTwoFunctions);
    machine.Run(
        "(define kept (pairs 60)) (define other (pairs 40))"
        "(vectors 30)");
    machine.profile->End();
    machine.mutator.Collect(gc::CollectionKind::kMajor);
    EXPECT_EQ(machine.Of(&Row::live, "pairs", "pair").samples, 100u);
    EXPECT_EQ(machine.Of(&Row::live, "vectors", "vector").samples, 0u);
    EXPECT_EQ(machine.Of(&Row::allocated, "vectors", "vector").samples, 30u);
    // And those that a minor collection finds.
    machine.Run("(set! other #f)");
    machine.mutator.Collect(gc::CollectionKind::kMajor);
    EXPECT_EQ(machine.Of(&Row::live, "pairs", "pair").samples, 60u);
    EXPECT_NEAR(machine.Of(&Row::live, "pairs", "pair").bytes, 1440, 1e-3);
    EXPECT_EQ(machine.Of(&Row::peak, "pairs", "pair").samples, 100u);
    machine.Run("(set! kept #f)");
    machine.mutator.Collect(gc::CollectionKind::kMajor);
    EXPECT_EQ(machine.Of(&Row::live, "pairs", "pair").bytes, 0);
  }
}

TEST_P(AllocationProfileTest, TypesAreThoseThatProgramsKnow) {
  Profiled machine(Stressed(
      GetParam() == gc::Policy::kNoGc ? gc::Policy::kGenImmix : GetParam()));
  machine.Run(
      "(define-record-type point (make-point x y) point?"
      " (x point-x) (y point-y))"
      "(define-record-type circle (make-circle at) circle? (at circle-at))"
      "(define (make-all n)"
      "  (list (make-point n n) (make-circle n) (+ n 0.5) (* n (expt 10 30))"
      "        (/ n 7) (make-string 3 #\\a) (make-bytevector 3 0)"
      "        (lambda () n) (delay n) (make-parameter n)"
      "        (call/cc (lambda (k) k)) (string->symbol \"a-new-one\")))"
      "(make-all 5)");
  machine.profile->End();
  for (const char* type :
       {"record point", "record circle", "flonum", "bignum", "rational",
        "string", "bytevector", "closure", "promise", "parameter", "pair",
        "continuation", "symbol"}) {
    EXPECT_GT(machine
                  .Sum(&Row::allocated,
                       [&](const Row& row) { return row.type == type; })
                  .samples,
              0u)
        << type;
  }
}

TEST_P(AllocationProfileTest, WhatTheLibraryAllocatesIsItsCallers) {
  Profiled machine(Machine::Quiet(GetParam()));
  machine.Run(
      "(define (double list)"
      " (length (map (lambda (x) (* 2 x)) list)))\n"
      "(define (text n) (number->string n))\n"
      "(define (all . rest) rest)\n"
      "(define (many) (all 1 2 3))\n"
      "(double '(1 2 3)) (text 17) (many)");
  machine.profile->End();
  bool has_map = false, has_string = false;
  for (const Row& row : machine.profile->Rows()) {
    if (row.function == "double") {
      EXPECT_EQ(row.through, row.type == "pair" ? "map" : row.through);
      has_map = has_map || row.through == "map";
    }
    if (row.function == "text" && row.type == "string") {
      has_string = true;
      EXPECT_EQ(row.through, "number->string");
      EXPECT_EQ(row.at.line, 2u);
      EXPECT_EQ(row.function_at.line, 2u);
    }
    EXPECT_NE(row.function, "map");
  }
  EXPECT_TRUE(has_map);
  EXPECT_TRUE(has_string);
}

TEST_P(AllocationProfileTest, PlacesAreOfTheLineThatAllocates) {
  Profiled machine(Machine::Quiet(GetParam()));
  machine.Run(
      "(define (two a)\n"
      "  (let ((first (cons a a)))\n"
      "    (vector-fill! (make-vector 5 a) 1)\n"
      "    first))\n"
      "(two 1)");
  machine.profile->End();
  for (const Row& row : machine.profile->Rows()) {
    if (row.function != "two") continue;
    EXPECT_EQ(row.function_at.line, 1u);
    EXPECT_EQ(row.at.line, row.type == "pair" ? 2u : 3u) << row.type;
  }
}

TEST_P(AllocationProfileTest, FormsAndLambdaItselfAreToldApart) {
  Profiled machine(Machine::Quiet(GetParam()));
  machine.Run("(define kept (cons 1 2))");
  machine.profile->End();
  const Amount form = machine.Sum(&Row::allocated, [](const Row& row) {
    return row.is_form && row.function.empty() && row.type == "pair";
  });
  EXPECT_EQ(form.samples, 1u);
  // The code of the form.
  const Amount own = machine.Sum(&Row::allocated, [](const Row& row) {
    return row.is_own && row.type == "code";
  });
  EXPECT_GT(own.samples, 0u);
}

// A frame may lie in the heap, in a continuation.
TEST_P(AllocationProfileTest, FramesOfContinuationsAreFoundToo) {
  Profiled machine(Machine::Quiet(GetParam()));
  machine.Run(
      "(define (outer) (+ 1 (call/cc (lambda (k)"
      " (dynamic-wind (lambda () #f) (lambda () (inner k))"
      " (lambda () #f))))))\n"
      "(define (inner k) (k (vector-length (make-vector 9 0))))\n"
      "(outer)");
  machine.profile->End();
  EXPECT_EQ(machine.Of(&Row::allocated, "inner", "vector").samples, 1u);
  EXPECT_EQ(machine
                .Sum(&Row::allocated,
                     [](const Row& row) {
                       return row.is_own && row.type == "continuation";
                     })
                .samples,
            0u);
}

TEST_P(AllocationProfileTest, TheSameSeedTakesTheSameSamples) {
  const auto samples_of = [&](const gc::HeapOptions& options) {
    Profiled machine(options, {.interval_bytes = 512, .seed = 3});
    machine.Run(kTwoFunctions);
    machine.Run("(pairs 500) (vectors 100)");
    machine.profile->End();
    std::string text;
    for (const Row& row : machine.profile->Rows()) {
      text += row.function + " " + row.type + " " +
              std::to_string(row.allocated.samples) + "\n";
    }
    return text;
  };
  const std::string first = samples_of(Machine::Quiet(GetParam()));
  EXPECT_EQ(samples_of(Machine::Quiet(GetParam())), first);
  if (GetParam() == gc::Policy::kNoGc) return;
  EXPECT_EQ(samples_of(Stressed(GetParam())), first);
}

TEST_P(AllocationProfileTest, NothingIsSampledWithoutOne) {
  Profiled machine(Machine::Quiet(GetParam()));
  machine.Run(kTwoFunctions);
  machine.profile->End();
  const std::uint64_t before = machine.profile->samples();
  machine.Run("(pairs 1000)");
  EXPECT_EQ(machine.profile->samples(), before);
  machine.profile.reset();
  machine.Run("(pairs 1000)");
  machine.mutator.Collect(gc::CollectionKind::kMajor);
}

INSTANTIATE_TEST_SUITE_P(Policies, AllocationProfileTest, EveryPolicy(),
                         PolicyName);

}  // namespace
}  // namespace fledge::lambda

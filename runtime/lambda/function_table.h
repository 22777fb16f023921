// FunctionTable: the functions of the templates that are alive.
//
// A function lies outside the heap and belongs to its template: it is freed
// after a collection found the template dead, and not in its pause.
//
// Design: docs/design/lambda.md, docs/design/weak_sets.md.
//
// Threads: the machine's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/lambda/function.h"

namespace fledge::lambda {

class FunctionTable : public gc::WeakSet<runtime::ValueModel> {
 public:
  using Word = runtime::Value::Word;

  // Of templates of `heap`, which must outlive it.
  explicit FunctionTable(runtime::Heap& heap);

  // Keeps `function` as long as `of`, its template, is alive.
  void Add(runtime::Mutator& mutator, std::unique_ptr<Function> function,
           runtime::Value of);

  // Functions of templates that are not known to be dead.
  std::size_t count();

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(places_.size());
  }
  void Process(gc::WeakTrace<runtime::ValueModel>& trace,
               std::uint32_t i) override;
  bool Settle() override;

 private:
  struct Place {
    Word of = 0;  // Empty: the place is not used.
    std::unique_ptr<Function> function;
  };

  std::mutex mutex_;  // Never held at a safepoint.
  std::vector<Place> places_;
  std::vector<std::uint32_t> unused_;
  std::vector<std::unique_ptr<Function>> dead_;
  std::unique_ptr<gc::WeakSet<runtime::ValueModel>,
                  std::function<void(gc::WeakSet<runtime::ValueModel>*)>>
      registration_;
};

}  // namespace fledge::lambda

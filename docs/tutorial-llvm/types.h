// Types of the language, each of which there is once, so that equal types have
// equal addresses.
//
//   int, bool      a word that is no reference
//   [T]            a list: null, or a cell with head and tail
//   Name           a record: null, or an object with its fields
//   fn(T, U) -> V  a function: a closure
//
// Threads: none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "docs/tutorial-llvm/source_error.h"

namespace nest {

struct Type;

struct Field {
  std::string name;
  const Type* type = nullptr;
};

struct Type {
  enum class Kind : std::uint8_t {
    kNothing,  // What a function without result returns.
    kInt,
    kBool,
    kNil,  // Of nil and [], until it is known of which type.
    kList,
    kRecord,
    kFunction,
  };

  Kind kind;
  std::string name;                          // As it is written.
  const Type* element = nullptr;             // Of a list.
  std::vector<const Type*> parameters = {};  // Of a function,
  const Type* result = nullptr;              // both.
  std::vector<Field> fields = {};            // Of a record.
  Position at = {};                          // Where it was first named,
  bool is_defined = true;  // and whether its fields are known.

  bool IsReference() const {
    return kind == Kind::kList || kind == Kind::kRecord ||
           kind == Kind::kFunction || kind == Kind::kNil;
  }
  // What nil and [] may be.
  bool MayBeNil() const { return kind == Kind::kList || kind == Kind::kRecord; }
};

class Types {
 public:
  Types();

  const Type* nothing() const { return all_[0].get(); }
  const Type* integer() const { return all_[1].get(); }
  const Type* boolean() const { return all_[2].get(); }
  const Type* nil() const { return all_[3].get(); }
  const Type* ListOf(const Type* element);
  const Type* Function(std::vector<const Type*> parameters, const Type* result);
  // The record of that name, which need not be defined yet.
  Type* Record(const std::string& name, Position at);

  const std::vector<std::unique_ptr<Type>>& all() const { return all_; }

 private:
  Type* Find(Type::Kind kind, const std::string& name);
  Type* Add(Type type);

  std::vector<std::unique_ptr<Type>> all_;
};

}  // namespace nest

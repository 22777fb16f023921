#include "docs/tutorial-llvm/types.h"

#include <utility>

namespace nest {

Types::Types() {
  Add({Type::Kind::kNothing, "nothing"});
  Add({Type::Kind::kInt, "int"});
  Add({Type::Kind::kBool, "bool"});
  Add({Type::Kind::kNil, "nil"});
}

// A type's name says all of it, so equal names are equal types.
Type* Types::Find(Type::Kind kind, const std::string& name) {
  for (const auto& type : all_) {
    if (type->kind == kind && type->name == name) return type.get();
  }
  return nullptr;
}

Type* Types::Add(Type type) {
  all_.push_back(std::make_unique<Type>(std::move(type)));
  return all_.back().get();
}

const Type* Types::ListOf(const Type* element) {
  const std::string name = "[" + element->name + "]";
  if (const Type* found = Find(Type::Kind::kList, name)) return found;
  return Add({Type::Kind::kList, name, element});
}

const Type* Types::Function(std::vector<const Type*> parameters,
                            const Type* result) {
  std::string name = "fn(";
  for (const Type* parameter : parameters) {
    if (name.back() != '(') name += ", ";
    name += parameter->name;
  }
  name += ")";
  if (result != nothing()) name += " -> " + result->name;
  if (const Type* found = Find(Type::Kind::kFunction, name)) return found;
  return Add(
      {Type::Kind::kFunction, name, nullptr, std::move(parameters), result});
}

Type* Types::Record(const std::string& name, Position at) {
  if (Type* found = Find(Type::Kind::kRecord, name)) return found;
  Type* const record = Add({Type::Kind::kRecord, name});
  record->at = at;
  record->is_defined = false;
  return record;
}

}  // namespace nest

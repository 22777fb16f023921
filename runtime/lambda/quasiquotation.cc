// Quasiquotation: what has nothing to evaluate in it stays a constant, and the
// rest is made of %list*, %cons, %append and %list->vector.
#include <vector>

#include "runtime/lambda/core_form_expanders.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;

class Quasiquotation {
 public:
  Quasiquotation(Expander& expander, const CoreUse& use)
      : expander_(expander), make_(expander.make()), use_(use) {}

  Expression* Make(const Syntax& form) {
    return OrConstant(form, Part(form, 1));
  }

 private:
  Expression* OrConstant(const Syntax& form, Expression* part) {
    return part != nullptr ? part : make_.Constant(*expander_.Datum(form));
  }
  bool Is(const Syntax& form, CoreForm core) const {
    return form.Is(Kind::kPair) && Means(*form.first, use_.scope, core);
  }
  // The x of (unquote x).
  const Syntax& ArgumentOf(const Syntax& form) const {
    const bool has_one =
        form.rest->Is(Kind::kPair) && form.rest->rest->Is(Kind::kNil);
    if (!has_one) {
      FailSyntax(form.at,
                 "unquote, unquote-splicing and quasiquote have one "
                 "argument");
    }
    return *form.rest->first;
  }

  // Null if it is a constant.
  Expression* Part(const Syntax& form, int level) {
    expander_.Enter(form.at);
    switch (form.kind) {
      case Kind::kPair:
        return List(form, level);
      case Kind::kVector: {
        Expression* const items =
            Items(form.items, *NilAt(form.at), level, form.at);
        return items == nullptr
                   ? nullptr
                   : expander_.CallInternal(InternalProcedure::kListToVector,
                                            {items}, form.at);
      }
      case Kind::kMap:
        return Map(form, level);
      default:
        return nullptr;
    }
  }

  const Syntax* NilAt(Position at) {
    return expander_.arena().Make<Syntax>(Kind::kNil, at);
  }

  Expression* List(const Syntax& form, int level) {
    if (Is(form, CoreForm::kUnquote)) {
      const Syntax& argument = ArgumentOf(form);
      if (level == 1) return expander_.Expand(argument, use_.scope);
      return Rebuild(form, level - 1);
    }
    if (Is(form, CoreForm::kUnquoteSplicing)) {
      ArgumentOf(form);
      if (level > 1) return Rebuild(form, level - 1);
      FailSyntax(form.at,
                 "unquote-splicing is for the items of a list or "
                 "vector");
    }
    if (Is(form, CoreForm::kQuasiquote)) {
      ArgumentOf(form);
      return Rebuild(form, level + 1);
    }
    std::vector<const Syntax*> items;
    const Syntax* rest = &form;
    // A tail may be an unquote, as in (a . ,b).
    for (; rest->Is(Kind::kPair); rest = rest->rest) {
      if (rest != &form && IsTail(*rest)) break;
      items.push_back(rest->first);
    }
    return Items(items, *rest, level, form.at);
  }
  bool IsTail(const Syntax& rest) const {
    const bool has_one =
        rest.rest->Is(Kind::kPair) && rest.rest->rest->Is(Kind::kNil);
    return has_one && (Is(rest, CoreForm::kUnquote) ||
                       Is(rest, CoreForm::kUnquoteSplicing) ||
                       Is(rest, CoreForm::kQuasiquote));
  }

  // (word x), with x at `level`.
  Expression* Rebuild(const Syntax& form, int level) {
    const Syntax* const items[] = {form.rest->first};
    Expression* const argument = Items(items, *form.rest->rest, level, form.at);
    if (argument == nullptr) return nullptr;
    return expander_.CallInternal(
        InternalProcedure::kCons,
        {make_.Constant(*expander_.Datum(*form.first)), argument}, form.at);
  }

  // A list of the items in front of the tail.
  Expression* Items(std::span<const Syntax* const> items, const Syntax& tail,
                    int level, Position at) {
    std::vector<Expression*> parts;
    std::vector<bool> are_spliced;
    Expression* const end = Part(tail, level);
    bool is_constant = end == nullptr;
    for (const Syntax* item : items) {
      const bool is_spliced =
          level == 1 && Is(*item, CoreForm::kUnquoteSplicing);
      parts.push_back(is_spliced
                          ? expander_.Expand(ArgumentOf(*item), use_.scope)
                          : Part(*item, level));
      are_spliced.push_back(is_spliced);
      is_constant = is_constant && parts.back() == nullptr;
    }
    if (is_constant) return nullptr;

    Expression* list = OrConstant(tail, end);
    std::size_t i = items.size();
    while (i > 0) {
      if (are_spliced[i - 1]) {
        --i;
        // As append, it shares what comes last.
        const bool is_last = list->kind == Expression::Kind::kConstant &&
                             list->syntax->Is(Kind::kNil);
        list = is_last ? parts[i]
                       : expander_.CallInternal(InternalProcedure::kAppend,
                                                {parts[i], list}, items[i]->at);
        continue;
      }
      std::size_t begin = i;
      while (begin > 0 && !are_spliced[begin - 1]) --begin;
      std::vector<Expression*> arguments;
      for (std::size_t j = begin; j < i; ++j) {
        arguments.push_back(OrConstant(*items[j], parts[j]));
      }
      arguments.push_back(list);
      list = expander_.CallInternal(arguments.size() == 2
                                        ? InternalProcedure::kCons
                                        : InternalProcedure::kListStar,
                                    arguments, at);
      i = begin;
    }
    return list;
  }

  Expression* Map(const Syntax& map, int level) {
    std::vector<Expression*> items;
    bool is_constant = true;
    for (const Syntax* item : map.items) {
      items.push_back(Part(*item, level));
      is_constant = is_constant && items.back() == nullptr;
    }
    if (is_constant) return nullptr;
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i] = OrConstant(*map.items[i], items[i]);
    }
    return expander_.CallInternal(InternalProcedure::kMap, items, map.at);
  }

  Expander& expander_;
  ExpressionMaker& make_;
  const CoreUse& use_;
};

}  // namespace

Expression* ExpandQuasiquote(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() == 1);
  return Quasiquotation(expander, use).Make(*use.items[0]);
}

}  // namespace fledge::lambda

#include <string>

#include "runtime/lambda/cond_expand.h"
#include "runtime/lambda/core_form_expanders.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

Expression* ExpandInclude(Expander& expander, const CoreUse& use,
                          LetterCase letter_case) {
  const auto forms = ReadIncluded(expander.libraries(), use.form, letter_case,
                                  expander.arena());
  return expander.ExpandSequence(forms, use.scope, use.form.at);
}

Expression* ExpandCondExpand(Expander& expander, const CoreUse& use) {
  const Syntax* const chosen = ChooseClause(expander.libraries(), use.form);
  if (chosen == nullptr) return expander.make().Unspecified(use.form.at);
  const auto forms = expander.ItemsOf(*chosen);
  use.Require(forms.has_value());
  return expander.ExpandSequence(*forms, use.scope, use.form.at);
}

}  // namespace

Expression* ExpandCoreForm(Expander& expander, const CoreUse& use) {
  switch (use.core) {
    case CoreForm::kAnd:
      return ExpandAnd(expander, use);
    case CoreForm::kBegin:
      return ExpandBegin(expander, use);
    case CoreForm::kCase:
      return ExpandCase(expander, use);
    case CoreForm::kCaseLambda:
      return ExpandCaseLambda(expander, use);
    case CoreForm::kCond:
      return ExpandCond(expander, use);
    case CoreForm::kCondExpand:
      return ExpandCondExpand(expander, use);
    case CoreForm::kDelay:
    case CoreForm::kDelayForce:
      return ExpandDelay(expander, use);
    case CoreForm::kDo:
      return ExpandDo(expander, use);
    case CoreForm::kGuard:
      return ExpandGuard(expander, use);
    case CoreForm::kIf:
      return ExpandIf(expander, use);
    case CoreForm::kInclude:
      return ExpandInclude(expander, use, LetterCase::kKept);
    case CoreForm::kIncludeCi:
      return ExpandInclude(expander, use, LetterCase::kFolded);
    case CoreForm::kLambda:
      return ExpandLambda(expander, use);
    case CoreForm::kLet:
      return ExpandLet(expander, use);
    case CoreForm::kLetStar:
      return ExpandLetStar(expander, use);
    case CoreForm::kLetValues:
    case CoreForm::kLetStarValues:
      return ExpandLetValues(expander, use);
    case CoreForm::kLetSyntax:
    case CoreForm::kLetrecSyntax:
      return ExpandLetSyntax(expander, use);
    case CoreForm::kLetrec:
    case CoreForm::kLetrecStar:
      return ExpandLetrec(expander, use);
    case CoreForm::kOr:
      return ExpandOr(expander, use);
    case CoreForm::kParameterize:
      return ExpandParameterize(expander, use);
    case CoreForm::kQuasiquote:
      return ExpandQuasiquote(expander, use);
    case CoreForm::kQuote:
      return ExpandQuote(expander, use);
    case CoreForm::kSet:
      return ExpandSet(expander, use);
    case CoreForm::kSyntaxError:
      FailAsProgramSays(use);
    case CoreForm::kUnless:
    case CoreForm::kWhen:
      return ExpandWhen(expander, use);
    case CoreForm::kDefine:
    case CoreForm::kDefineRecordType:
    case CoreForm::kDefineSyntax:
    case CoreForm::kDefineValues:
      FailSyntax(use.form.at,
                 "a definition comes at the top level, or before the "
                 "expressions of a body");
    case CoreForm::kDefineLibrary:
    case CoreForm::kImport:
      FailSyntax(use.form.at, std::string(NameOf(use.core)) +
                                  " comes at the top level only");
    case CoreForm::kArrow:
    case CoreForm::kEllipsis:
    case CoreForm::kElse:
    case CoreForm::kSyntaxRules:
    case CoreForm::kUnderscore:
    case CoreForm::kUnquote:
    case CoreForm::kUnquoteSplicing:
      break;
  }
  FailSyntax(use.form.at, std::string(NameOf(use.core)) +
                              " is no expression; it is written " +
                              std::string(ShapeOf(use.core)));
}

Expression* ExpandBegin(Expander& expander, const CoreUse& use) {
  use.Require(!use.items.empty());
  return expander.ExpandSequence(use.items, use.scope, use.form.at);
}

Expression* ExpandIf(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() == 2 || use.items.size() == 3);
  Expression* const test = expander.Expand(*use.items[0], use.scope);
  Expression* const then = expander.Expand(*use.items[1], use.scope);
  Expression* const otherwise = use.items.size() == 3
                                    ? expander.Expand(*use.items[2], use.scope)
                                    : expander.make().Unspecified(use.form.at);
  return expander.make().If(test, then, otherwise, use.form.at);
}

Expression* ExpandQuote(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() == 1);
  return expander.make().Constant(*expander.Datum(*use.items[0]));
}

Expression* ExpandSet(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() == 2 && use.items[0]->IsIdentifier());
  const Syntax& target = *use.items[0];
  const Position at = use.form.at;
  const Meaning meaning = Resolve(target, use.scope);
  const std::string name(meaning.name->text);
  if (meaning.denotation.kind == Denotation::Kind::kMacro ||
      meaning.denotation.kind == Denotation::Kind::kCoreForm) {
    FailSyntax(target.at, name + " is syntax, and cannot be assigned");
  }
  if (meaning.is_imported) {
    FailSyntax(target.at, name +
                              " is imported, and cannot be assigned; "
                              "define a variable of your own");
  }
  Expression* const value = expander.Expand(*use.items[1], use.scope);
  if (meaning.denotation.kind == Denotation::Kind::kVariable) {
    return expander.make().SetLocal(meaning.denotation.variable, value, at);
  }
  Global* const global =
      meaning.denotation.kind == Denotation::Kind::kGlobal
          ? meaning.denotation.global
          : meaning.space->Reference(meaning.name, target.at);
  if (global->is_constant) {
    FailSyntax(target.at, name +
                              " is of a library that is complete, and "
                              "cannot be assigned");
  }
  return expander.make().SetGlobal(global, value, at);
}

void FailAsProgramSays(const CoreUse& use) {
  use.Require(!use.items.empty() && use.items[0]->Is(Syntax::Kind::kString));
  std::string message(use.items[0]->text);
  for (const Syntax* item : use.items.subspan(1))
    message += " " + TextOf(*item);
  FailSyntax(use.form.at, message);
}

}  // namespace fledge::lambda

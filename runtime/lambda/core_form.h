// CoreForm: what the expander knows itself, where all else is procedures and
// macros. A library exports core forms like anything else, so that a program
// may rename them, or bind their names.
//
// Design: docs/design/lambda_syntax.md. Threads: plain data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fledge::lambda {

enum class CoreForm : std::uint8_t {
  kAnd,
  kArrow,
  kBegin,
  kCase,
  kCaseLambda,
  kCond,
  kCondExpand,
  kDefine,
  kDefineLibrary,
  kDefineRecordType,
  kDefineSyntax,
  kDefineValues,
  kDelay,
  kDelayForce,
  kDo,
  kEllipsis,
  kElse,
  kGuard,
  kIf,
  kImport,
  kInclude,
  kIncludeCi,
  kLambda,
  kLet,
  kLetStar,
  kLetStarValues,
  kLetSyntax,
  kLetValues,
  kLetrec,
  kLetrecStar,
  kLetrecSyntax,
  kOr,
  kParameterize,
  kQuasiquote,
  kQuote,
  kSet,
  kSyntaxError,
  kSyntaxRules,
  kUnderscore,
  kUnless,
  kUnquote,
  kUnquoteSplicing,
  kWhen,
};

struct CoreFormText {
  CoreForm form;
  std::string_view name;
  // How it is written.
  std::string_view shape;
};

// In the order of CoreForm.
std::span<const CoreFormText> CoreForms();

inline std::string_view NameOf(CoreForm form) {
  return CoreForms()[static_cast<std::size_t>(form)].name;
}
inline std::string_view ShapeOf(CoreForm form) {
  return CoreForms()[static_cast<std::size_t>(form)].shape;
}

}  // namespace fledge::lambda

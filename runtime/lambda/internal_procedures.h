// Internal procedures: what core forms expand into calls of, where a procedure
// does at run time what the form means.
//
// They are globals of a library that no program can import, so a program cannot
// redefine them: Libraries::internal_library. Whoever implements them defines
// them in its namespace.
//
// Arguments are always of the right number and, but where it says otherwise,
// of the right type: thunks and receivers are procedures that the expander
// made.
//
// Design: docs/design/lambda_syntax.md. Threads: plain data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fledge::lambda {

enum class InternalProcedure : std::uint8_t {
  // (%append list tail): list copied in front of tail; as append of two.
  // `list` may be any value: it is an error unless it is a list.
  kAppend,
  // (%cons a d).
  kCons,
  // (%list* item ... tail): the items, at least two, in front of the tail.
  kListStar,
  // (%list->vector list): `list` may be any value, since unquote-splicing
  // makes its end.
  kListToVector,
  // (%map key value ...): a map.
  kMap,
  // (%eqv? a b) and (%memv a list), for case. The list is constant.
  kEqv,
  kMemv,

  // (%case-lambda procedure ...): a procedure that calls the first of those
  // that takes as many arguments as it is given; an error if none does.
  kCaseLambda,

  // (%delay-force thunk): a promise; forcing it calls the thunk, which returns
  // a promise, and goes on with that one in tail position.
  kDelayForce,
  // (%delay thunk): a promise of the thunk's value.
  kDelay,

  // (%parameterize thunk parameter value ...): converts the values, calls the
  // thunk with the parameters bound to them, and returns its values. The
  // parameters and values may be any; it is an error if a parameter is none.
  kParameterize,

  // (%guard thunk handler): calls the thunk and returns its values. If an
  // object is raised in it, in whatever way, that no handler of the thunk's own
  // takes, leaves the thunk for the dynamic environment of the call of %guard
  // and tail-calls (handler object) there.
  kGuard,
  // (%guard-reraise thunk choose): the same, but (choose object) is called in
  // the dynamic environment of the call of %guard-reraise and returns a thunk,
  // which is called there in place of the handler, or false. Then the object is
  // raised again, by raise-continuable, where it was raised, without this
  // guard; the values of that are the ones of the call that raised it.
  kGuardReraise,

  // (%make-record-type name fields): a new type. The name is a symbol, the
  // fields a vector of symbols.
  kMakeRecordType,
  // (%make-record type value ...): a record with a value for each field.
  kMakeRecord,
  // (%record? object type): whether it is a record of just this type.
  kIsRecord,
  // (%record-ref record type index) and (%record-set! record type index value):
  // `record` may be any object: it is an error unless it is one of the type.
  // The
  // name of the procedure that calls them is the accessor's or modifier's.
  kRecordRef,
  kRecordSet,
};

// In the order of InternalProcedure.
constexpr std::array<std::string_view, 18> kInternalProcedureNames = {
    "%append",        "%cons",
    "%list*",         "%list->vector",
    "%map",           "%eqv?",
    "%memv",          "%case-lambda",
    "%delay-force",   "%delay",
    "%parameterize",  "%guard",
    "%guard-reraise", "%make-record-type",
    "%make-record",   "%record?",
    "%record-ref",    "%record-set!",
};
static_assert(kInternalProcedureNames.size() ==
              static_cast<std::size_t>(InternalProcedure::kRecordSet) + 1);

}  // namespace fledge::lambda

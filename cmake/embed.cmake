# Writes the bytes of INPUT to OUTPUT as a C++ string view named SYMBOL in NAMESPACE,
# which HEADER declares.
# Character constants, not a string literal: those are limited in length, and
# a plain char array keeps the view a constant expression.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
# Sixteen bytes a line: compilers and editors dislike lines of megabytes.
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
string(REPEAT "'....'," 16 line)
string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {
constexpr char kBytes[] = {
${bytes}'\\0'};
}  // namespace

extern constinit const std::string_view ${SYMBOL}{kBytes, ${size}};

}  // namespace ${NAMESPACE}
")

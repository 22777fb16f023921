#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

using Octets = std::vector<int>;

class BytevectorPrimitivesTest : public PrimitivesTest {
 protected:
  Local Bytes(std::string_view bytes) {
    const Local made = machine_.Make(
        "make-bytevector", {Int(static_cast<std::int64_t>(bytes.size()))});
    std::copy(bytes.begin(), bytes.end(),
              runtime::Bytes(made.get()).bytes().begin());
    return made;
  }
  static Octets OctetsOf(Value value) {
    const auto bytes = runtime::Bytes(value).bytes();
    return {bytes.begin(), bytes.end()};
  }
  Octets Result(std::string_view name, std::initializer_list<Local> arguments) {
    return OctetsOf(machine_.Call(name, arguments));
  }
};

TEST_P(BytevectorPrimitivesTest, BytesAreMadeReadAndStored) {
  EXPECT_EQ(Result("make-bytevector", {Int(2), Int(12)}), (Octets{12, 12}));
  EXPECT_EQ(Result("bytevector", {Int(1), Int(255)}), (Octets{1, 255}));
  EXPECT_EQ(Result("bytevector", {}), Octets{});
  const Local bytes = Bytes("abc");
  EXPECT_TRUE(IsTrue("bytevector?", {bytes}));
  EXPECT_FALSE(IsTrue("bytevector?", {Int(1)}));
  EXPECT_EQ(machine_.Call("bytevector-length", {bytes}), Int(3).get());
  EXPECT_EQ(machine_.Call("bytevector-u8-ref", {bytes, Int(2)}),
            Int('c').get());
  machine_.Call("bytevector-u8-set!", {bytes, Int(0), Int(200)});
  EXPECT_EQ(OctetsOf(bytes.get()), (Octets{200, 'b', 'c'}));
  EXPECT_EQ(ErrorOf("bytevector-u8-set!", {bytes, Int(0), Int(256)}),
            "out-of-range: bytevector-u8-set!: argument 3 is not a byte from 0 "
            "to 255");
  EXPECT_EQ(ErrorOf("bytevector-u8-ref", {bytes, Int(3)}),
            "out-of-range: bytevector-u8-ref: argument 2 is not an index below "
            "3");
  EXPECT_EQ(ErrorOf("bytevector-u8-ref", {Int(1), Int(3)}),
            "wrong-type: bytevector-u8-ref: argument 1 is not a bytevector");
}

TEST_P(BytevectorPrimitivesTest, PartsAreCopied) {
  const Local a = Bytes("\1\2\3\4\5");
  EXPECT_EQ(Result("bytevector-copy", {a, Int(2), Int(4)}), (Octets{3, 4}));
  EXPECT_EQ(Result("bytevector-append", {a, Bytes(""), Bytes("\6")}),
            (Octets{1, 2, 3, 4, 5, 6}));
  const Local b = Bytes("\12\24\36\50\62");
  machine_.Call("bytevector-copy!", {b, Int(1), a, Int(0), Int(2)});
  EXPECT_EQ(OctetsOf(b.get()), (Octets{10, 1, 2, 40, 50}));
  machine_.Call("bytevector-copy!", {b, Int(1), b, Int(0), Int(4)});
  EXPECT_EQ(OctetsOf(b.get()), (Octets{10, 10, 1, 2, 40}));
  machine_.Call("bytevector-copy!", {b, Int(5), Bytes("")});
  EXPECT_EQ(ErrorOf("bytevector-copy!", {b, Int(3), a, Int(1)}),
            "out-of-range: bytevector-copy!: argument 2 is not a place for 4 "
            "items from 0 to 1");
}

TEST_P(BytevectorPrimitivesTest, StringsAreUtf8AndBack) {
  EXPECT_EQ(Machine::TextOf(machine_.Call("utf8->string", {Bytes("A")})), U"A");
  EXPECT_EQ(Result("string->utf8", {machine_.String(U"λ")}),
            (Octets{0xce, 0xbb}));
  EXPECT_EQ(Result("string->utf8", {machine_.String(U"aéb"), Int(1), Int(2)}),
            (Octets{0xc3, 0xa9}));
  EXPECT_EQ(Machine::TextOf(machine_.Call(
                "utf8->string", {Bytes("xx\xf0\x9f\x98\x80y"), Int(2)})),
            U"\U0001f600y");
  EXPECT_EQ(ErrorOf("utf8->string", {Bytes("abc\xff"), Int(1)}),
            "out-of-range: utf8->string: argument 1 is not UTF-8 at byte 3");
}

INSTANTIATE_TEST_SUITE_P(Policies, BytevectorPrimitivesTest, EveryPolicy(),
                         PolicyName);

}  // namespace
}  // namespace fledge::lambda

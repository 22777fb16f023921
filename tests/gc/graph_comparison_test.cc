// The judge is judged: each way in which a collector may damage a graph is
// done by hand, on plain memory, and must be found.

#include "tests/support/graph_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gc/object_model.h"
#include "tests/support/fake_models.h"
#include "tests/support/model_traits.h"
#include "tests/support/shadow_graph.h"

namespace fledge {
namespace {

using ::testing::HasSubstr;

//   root 0 -> parent: slot 0 -> child, slot 1 -> child, slot 2 = 7
//             child:  slot 0 -> parent
template <typename M>
class GraphComparisonTest : public ::testing::Test {
 protected:
  using Value = typename M::Value;

  GraphComparisonTest() {
    parent_node_ = shadow_.Add(3, kRawBytes);
    child_node_ = shadow_.Add(1, kRawBytes);
    parent_ = Make(parent_node_);
    child_ = Make(child_node_);
    Link(parent_, parent_node_, 0, child_, child_node_);
    Link(parent_, parent_node_, 1, child_, child_node_);
    *ModelTraits<M>::Slot(parent_, 2) = ModelTraits<M>::Immediate(7);
    shadow_.at(parent_node_).slots[2] = ShadowEdge::Immediate(7);
    Link(child_, child_node_, 0, parent_, parent_node_);
    shadow_.roots() = {ShadowEdge::Reference(parent_node_)};
  }

  Address Make(NodeId node) {
    const std::size_t slots = shadow_.at(node).slots.size();
    const Address object = next_;
    next_ += ModelTraits<M>::SizeFor(slots, kRawBytes);
    ModelTraits<M>::InitializeAt(object, slots, kRawBytes);
    FillPayload(node, ModelTraits<M>::Raw(object));
    return object;
  }

  void Link(Address object, NodeId node, std::size_t i, Address target,
            NodeId target_node) {
    *ModelTraits<M>::Slot(object, i) =
        ModelTraits<M>::ReferenceTo(model_, target);
    shadow_.at(node).slots[i] = ShadowEdge::Reference(target_node);
  }

  std::optional<std::string> Difference() {
    const std::vector<Value> roots = {
        ModelTraits<M>::ReferenceTo(model_, parent_)};
    return GraphComparison<M>(model_, shadow_).FirstDifference(roots);
  }

  static constexpr std::size_t kRawBytes = 16;

  struct alignas(16) Memory {
    std::byte bytes[4096] = {};
  };
  std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
  const AddressRange range_{reinterpret_cast<Address>(memory_.get()),
                            sizeof(Memory)};
  Address next_ = range_.begin + M::kAlignment;
  const M model_{range_};

  ShadowGraph shadow_;
  NodeId parent_node_;
  NodeId child_node_;
  Address parent_;
  Address child_;
};

TYPED_TEST_SUITE(GraphComparisonTest, FakeModels, ModelNames);

TYPED_TEST(GraphComparisonTest, EqualGraphsHaveNoDifference) {
  EXPECT_EQ(this->Difference(), std::nullopt);
}

TYPED_TEST(GraphComparisonTest, FindsALostReference) {
  using Traits = ModelTraits<TypeParam>;
  *Traits::Slot(this->child_, 0) = Traits::NullValue();
  EXPECT_THAT(this->Difference().value_or(""),
              HasSubstr("root 0 -> slot 0 -> slot 0: holds 0x0, not node 1"));
}

TYPED_TEST(GraphComparisonTest, FindsAnotherImmediate) {
  using Traits = ModelTraits<TypeParam>;
  *Traits::Slot(this->parent_, 2) = Traits::Immediate(8);
  EXPECT_THAT(this->Difference().value_or(""), HasSubstr("not immediate 7"));
}

TYPED_TEST(GraphComparisonTest, FindsAReferenceWhereNullShouldBe) {
  this->shadow_.at(this->child_node_).slots[0] = ShadowEdge::Null();
  EXPECT_THAT(this->Difference().value_or(""), HasSubstr("not null"));
}

TYPED_TEST(GraphComparisonTest, FindsAStaleReference) {
  const Address copy = this->Make(this->child_node_);
  gc::StoreHeader(this->child_, this->model_.ForwardingHeader(copy));
  EXPECT_THAT(this->Difference().value_or(""), HasSubstr("has moved away"));
}

TYPED_TEST(GraphComparisonTest, FindsAnObjectThatWasCopiedTwice) {
  const Address copy = this->Make(this->child_node_);
  this->Link(copy, this->child_node_, 0, this->parent_, this->parent_node_);
  this->Link(this->parent_, this->parent_node_, 1, copy, this->child_node_);
  EXPECT_THAT(this->Difference().value_or(""),
              HasSubstr("is a second object for node 2"));
}

TYPED_TEST(GraphComparisonTest, FindsTwoNodesInOneObject) {
  const NodeId other = this->shadow_.Add(1, this->kRawBytes);
  this->shadow_.at(this->parent_node_).slots[1] = ShadowEdge::Reference(other);
  EXPECT_THAT(this->Difference().value_or(""), HasSubstr("is the same object"));
}

TYPED_TEST(GraphComparisonTest, FindsAnObjectOfAnotherShape) {
  using Traits = ModelTraits<TypeParam>;
  Traits::InitializeAt(this->child_, 2, 8);
  EXPECT_THAT(this->Difference().value_or(""), HasSubstr("another shape"));
}

TYPED_TEST(GraphComparisonTest, FindsEachWrongRawByte) {
  const auto raw = ModelTraits<TypeParam>::Raw(this->child_);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    raw[i] ^= std::byte{1};
    EXPECT_THAT(this->Difference().value_or(""),
                HasSubstr("wrong raw byte at " + std::to_string(i)));
    raw[i] ^= std::byte{1};
  }
  EXPECT_EQ(this->Difference(), std::nullopt);
}

TYPED_TEST(GraphComparisonTest, FindsAFixedObjectThatMoved) {
  this->shadow_.at(this->child_node_).fixed_address = this->child_;
  EXPECT_EQ(this->Difference(), std::nullopt);
  this->shadow_.at(this->child_node_).fixed_address = this->parent_;
  EXPECT_NE(this->Difference(), std::nullopt);
}

TYPED_TEST(GraphComparisonTest, StartsFromOutsideNodesToo) {
  using Traits = ModelTraits<TypeParam>;
  const Address outside = this->next_;
  this->next_ += Traits::SizeFor(1, this->kRawBytes);
  Traits::InitializeAt(outside, 1, this->kRawBytes);
  const NodeId node = this->shadow_.AddOutside(outside, 1, this->kRawBytes);
  FillPayload(node, Traits::Raw(outside));
  EXPECT_EQ(this->Difference(), std::nullopt);
  this->shadow_.at(node).slots[0] = ShadowEdge::Immediate(1);
  EXPECT_THAT(this->Difference().value_or(""),
              HasSubstr("outside node 3 -> slot 0: holds 0x0"));
}

TEST(OcamlLikeGraphComparisonTest, TellsAnInteriorReferenceFromAnotherKind) {
  using Traits = ModelTraits<OcamlLikeModel>;
  const OcamlLikeModel model{AddressRange{}};
  ShadowGraph shadow;
  const NodeId node = shadow.Add(1, 8);
  alignas(8) std::byte memory[128];
  const auto object = reinterpret_cast<Address>(memory);
  Traits::InitializeAt(object, 1, 8);
  FillPayload(node, Traits::Raw(object));
  shadow.roots() = {ShadowEdge::Interior(node)};

  using Roots = std::vector<OcamlLikeModel::Value>;
  const auto difference = [&](const Roots& roots) {
    return GraphComparison<OcamlLikeModel>(model, shadow)
        .FirstDifference(roots);
  };
  EXPECT_EQ(difference({Traits::InteriorReferenceTo(model, object)}),
            std::nullopt);
  EXPECT_NE(difference({Traits::ReferenceTo(model, object)}), std::nullopt);
}

TEST(CompressedGraphComparisonTest, FindsAnotherIdentityHash) {
  using Traits = ModelTraits<CompressedModel>;
  alignas(16) std::byte memory[128];
  const AddressRange range{reinterpret_cast<Address>(memory), sizeof memory};
  const CompressedModel model(range);
  const Address object = range.begin + CompressedModel::kAlignment;
  Traits::InitializeAt(object, 0, 0);
  ShadowGraph shadow;
  const NodeId node = shadow.Add(0, 0);
  shadow.at(node).identity_hash = Traits::IdentityHash(object);

  const GraphComparison<CompressedModel> comparison(model, shadow);
  EXPECT_EQ(comparison.CheckObject(object, node), std::nullopt);
  shadow.at(node).identity_hash = 1;
  EXPECT_NE(comparison.CheckObject(object, node), std::nullopt);
}

TEST(ShadowGraphTest, DropsWhatNoRootReaches) {
  ShadowGraph shadow;
  const NodeId kept = shadow.Add(1, 0);
  const NodeId kept_by_it = shadow.Add(0, 8);
  const NodeId dropped = shadow.Add(1, 0);
  std::byte memory[8];
  shadow.AddOutside(reinterpret_cast<Address>(memory), 0, 0);
  shadow.roots() = {ShadowEdge::Reference(kept)};
  shadow.at(kept).slots[0] = ShadowEdge::Interior(kept_by_it);
  shadow.at(dropped).slots[0] = ShadowEdge::Reference(dropped);

  shadow.DropUnreachable();
  EXPECT_EQ(shadow.live_size(), 3u);
  EXPECT_EQ(shadow.at(kept_by_it).raw_bytes, 8u);
}

}  // namespace
}  // namespace fledge

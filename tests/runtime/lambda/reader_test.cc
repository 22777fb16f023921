#include "runtime/lambda/reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

using Kind = Syntax::Kind;

class ReaderTest : public ::testing::Test {
 protected:
  // What the forms of a text look like.
  std::string Read(std::string_view text) {
    Reader reader(text, 0, names_);
    std::string written;
    while (true) {
      const Syntax* const form = reader.Read(arena_);
      if (form->Is(Kind::kEndOfFile)) return written;
      if (!written.empty()) written += " ";
      written += TextOf(*form);
    }
  }
  const Syntax* ReadOne(std::string_view text) {
    Reader reader(text, 0, names_);
    return reader.Read(arena_);
  }

  // "line:column message".
  std::string ErrorOf(std::string_view text) {
    try {
      const std::string written = Read(text);
      ADD_FAILURE() << text << " was read as " << written;
      return "";
    } catch (const IncompleteError& error) {
      return "incomplete " + TextOfError(error);
    } catch (const SyntaxError& error) {
      return TextOfError(error);
    }
  }
  static std::string TextOfError(const SyntaxError& error) {
    return std::to_string(error.at().line) + ":" +
           std::to_string(error.at().column) + " " + error.what();
  }

  Names names_;
  Arena arena_;
};

TEST_F(ReaderTest, FormsComeOneAfterTheOther) {
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read("a 12 (b c)d"), "a 12 (b c) d");
  Reader reader(" (a)  b ", 7, names_);
  const Syntax* const first = reader.Read(arena_);
  EXPECT_EQ(first->at, (Position{7, 1, 2}));
  EXPECT_EQ(reader.offset_bytes(), 4u);
  EXPECT_EQ(TextOf(*reader.Read(arena_)), "b");
  EXPECT_TRUE(reader.Read(arena_)->Is(Kind::kEndOfFile));
  EXPECT_TRUE(reader.Read(arena_)->Is(Kind::kEndOfFile));
}

TEST_F(ReaderTest, ListsMayEndInADot) {
  EXPECT_EQ(Read("()"), "()");
  EXPECT_EQ(Read("(a (b) () c)"), "(a (b) () c)");
  EXPECT_EQ(Read("(a . b)"), "(a . b)");
  EXPECT_EQ(Read("(a b . (c d))"), "(a b c d)");
  EXPECT_EQ(Read("(a . #;b c)"), "(a . c)");
}

TEST_F(ReaderTest, PartsKnowTheirPlaceInCharacters) {
  const Syntax* const list = ReadOne("(ä\n  (b \t c))");
  EXPECT_EQ(list->at, (Position{0, 1, 1}));
  EXPECT_EQ(list->first->at, (Position{0, 1, 2}));
  const Syntax* const inner = list->rest->first;
  EXPECT_EQ(inner->at, (Position{0, 2, 3}));
  EXPECT_EQ(inner->rest->at, (Position{0, 2, 8}));
  EXPECT_EQ(inner->rest->first->at, (Position{0, 2, 8}));
  EXPECT_EQ(inner->rest->rest->at, (Position{0, 2, 9}));
}

TEST_F(ReaderTest, LinesEndInAnyOfThreeWays) {
  Reader reader("a\r\nb\rc\nd", 0, names_);
  for (std::uint32_t line = 1; line <= 4; ++line) {
    EXPECT_EQ(reader.Read(arena_)->at, (Position{0, line, 1}));
  }
}

TEST_F(ReaderTest, CommentsAreNoForms) {
  EXPECT_EQ(Read("a ; b\nc"), "a c");
  EXPECT_EQ(Read("a #| b #| c |# d |# e"), "a e");
  EXPECT_EQ(Read("a #;(b c) d #; #;e f g"), "a d g");
  EXPECT_EQ(Read("(a #;b)"), "(a)");
  EXPECT_EQ(Read("(a)#|b|#c"), "(a) c");
  EXPECT_EQ(Read(";"), "");
}

TEST_F(ReaderTest, AFirstLineForTheShellIsAComment) {
  EXPECT_EQ(Read("#!/usr/bin/env fledge\na"), "a");
  EXPECT_EQ(Read("\xEF\xBB\xBF#! fledge\na"), "a");
  EXPECT_EQ(ErrorOf("#!/\xFF"), "1:4 this is not UTF-8");
  EXPECT_EQ(ErrorOf("a\n#!/bin/sh"),
            "2:1 after #! comes fold-case or no-fold-case");
}

TEST_F(ReaderTest, SymbolsAreMadeOfManyCharacters) {
  const std::string symbols =
      "... + - +soup+ <=? ->string a34kTMNs lambda list->vector q V17a .a +.a "
      "the-word-recursion-has-many-meanings λ a@b --1 -.";
  EXPECT_EQ(Read(symbols), symbols);
  EXPECT_NE(ReadOne("abc")->name, ReadOne("ABC")->name);
  EXPECT_EQ(ReadOne("abc")->name, ReadOne("|abc|")->name);
}

TEST_F(ReaderTest, BarredSymbolsHaveAnyText) {
  EXPECT_EQ(ReadOne("||")->name->text, "");
  EXPECT_EQ(ReadOne("|a b|")->name->text, "a b");
  EXPECT_EQ(ReadOne("|1|")->name->text, "1");
  EXPECT_EQ(ReadOne("|\\x41;\\|\\t\n|")->name->text, "A|\t\n");
  EXPECT_EQ(Read("|a b| || |1| |.| |a\\|b|"), "|a b| || |1| |.| |a\\|b|");
}

TEST_F(ReaderTest, LettersAreFoldedOnDemand) {
  EXPECT_EQ(Read("A #!fold-case ABC |D| ΣΑ Straße #!no-fold-case E"),
            "A abc D σα strasse E");
  EXPECT_EQ(Read("#!fold-case #\\NEWLINE #\\A"), "#\\newline #\\A");
  Reader folding("ABC :Key", 0, names_, LetterCase::kFolded);
  EXPECT_EQ(TextOf(*folding.Read(arena_)), "abc");
  EXPECT_EQ(TextOf(*folding.Read(arena_)), ":key");
}

TEST_F(ReaderTest, BooleansHaveTwoSpellings) {
  EXPECT_EQ(Read("#t #f #true #false #T #FALSE"), "#t #f #t #f #t #f");
}

TEST_F(ReaderTest, NumbersAreIntegersFloatsOrTexts) {
  EXPECT_EQ(Read("1 -2 1.5 #xFF 1e3 +inf.0 -inf.0 +nan.0 1."),
            "1 -2 1.5 255 1000.0 +inf.0 -inf.0 +nan.0 1.0");
  EXPECT_EQ(Read("1/2 123456789012345678901 #e1.5 +i #b1/10"),
            "1/2 123456789012345678901 #e1.5 +i #b1/10");
  EXPECT_TRUE(ReadOne("1/2")->Is(Kind::kNumber));
  EXPECT_TRUE(ReadOne("#e1.5")->Is(Kind::kNumber));
}

TEST_F(ReaderTest, CharactersHaveNamesAndCodePoints) {
  const std::pair<std::string_view, std::int64_t> characters[] = {
      {"#\\a", 'a'},
      {"#\\A", 'A'},
      {"#\\(", '('},
      {"#\\ ", ' '},
      {"#\\space", ' '},
      {"#\\newline", '\n'},
      {"#\\tab", '\t'},
      {"#\\null", 0},
      {"#\\alarm", 7},
      {"#\\backspace", 8},
      {"#\\delete", 127},
      {"#\\escape", 27},
      {"#\\return", '\r'},
      {"#\\x", 'x'},
      {"#\\x41", 'A'},
      {"#\\x03BB", 0x3BB},
      {"#\\λ", 0x3BB},
      {"#\\;", ';'},
      {"#\\x10FFFF", 0x10FFFF},
      {"#\\\"", '"'},
      {"#\\1", '1'},
  };
  for (const auto& [text, code_point] : characters) {
    const Syntax* const character = ReadOne(text);
    EXPECT_TRUE(character->Is(Kind::kCharacter)) << text;
    EXPECT_EQ(character->integer, code_point) << text;
  }
  EXPECT_EQ(Read("(#\\a)"), "(#\\a)");
  EXPECT_EQ(Read("(#\\))"), "(#\\))");
}

TEST_F(ReaderTest, StringsHaveEscapes) {
  EXPECT_EQ(ReadOne(R"("a\"b\\c\a\b\t\n\r\|")")->text, "a\"b\\c\a\b\t\n\r|");
  EXPECT_EQ(ReadOne(R"("\x41;\x3bb;")")->text, "Aλ");
  EXPECT_EQ(ReadOne("\"a\\  \n   b\"")->text, "ab");
  EXPECT_EQ(ReadOne("\"a\\\r\n\tb\"")->text, "ab");
  EXPECT_EQ(ReadOne("\"a\nb\r\nc\rd\"")->text, "a\nb\nc\nd");
  EXPECT_EQ(ReadOne("\"\"")->text, "");
  EXPECT_EQ(ReadOne("\"#|;)\"")->text, "#|;)");
}

TEST_F(ReaderTest, VectorsHaveItems) {
  EXPECT_EQ(Read("#(1 #(a) \"b\") #()"), "#(1 #(a) \"b\") #()");
  EXPECT_EQ(Read("#u8(0 10 #xFF) #u8() #U8(1)"), "#u8(0 10 255) #u8() #u8(1)");
}

TEST_F(ReaderTest, AbbreviationsAreLists) {
  EXPECT_EQ(Read("'a `(b ,c ,@d) ''e #('f)"),
            "(quote a) (quasiquote (b (unquote c) (unquote-splicing d))) "
            "(quote (quote e)) #((quote f))");
  const Syntax* const quoted = ReadOne("  'abc");
  EXPECT_EQ(quoted->at, (Position{0, 1, 3}));
  EXPECT_EQ(quoted->rest->first->at, (Position{0, 1, 4}));
}

TEST_F(ReaderTest, KeywordsBeginWithAColon) {
  EXPECT_TRUE(ReadOne(":key")->Is(Kind::kKeyword));
  EXPECT_EQ(ReadOne(":key")->text, "key");
  EXPECT_TRUE(ReadOne(":")->Is(Kind::kSymbol));
  EXPECT_TRUE(ReadOne(":::")->Is(Kind::kSymbol));
  EXPECT_TRUE(ReadOne("a:b")->Is(Kind::kSymbol));
  EXPECT_EQ(Read("|:key|"), "|:key|");
}

TEST_F(ReaderTest, MapsHaveKeysAndValues) {
  EXPECT_EQ(Read("{:a 1 \"b\" (c)} {}"), "{:a 1 \"b\" (c)} {}");
  EXPECT_EQ(Read("{:a {:b 1}}"), "{:a {:b 1}}");
}

TEST_F(ReaderTest, LabelsNameWhatMayBeCyclic) {
  EXPECT_EQ(Read("#0=(a . #0#)"), "#0=(a . #0#)");
  EXPECT_EQ(Read("(#1=#(b) #1# #2=c)"), "(#1=#(b) #1# #2=c)");
  // Labels are of the outermost form.
  EXPECT_EQ(Read("#0=a #0=b"), "#0=a #0=b");
  EXPECT_EQ(Read("(#;#0=a #0=b #0#)"), "(#0=b #0#)");
}

TEST_F(ReaderTest, BadLabelsAreErrors) {
  EXPECT_EQ(ErrorOf("(a #0#)"), "1:4 there is no such label before this");
  EXPECT_EQ(ErrorOf("#0=a #0#"), "1:6 there is no such label before this");
  EXPECT_EQ(ErrorOf("(#;#0=a #0#)"), "1:9 there is no such label before this");
  EXPECT_EQ(ErrorOf("(#0=a #0=b)"), "1:7 the form has this label already");
  EXPECT_EQ(ErrorOf("#0=#0#"), "1:4 the label means itself");
  EXPECT_EQ(ErrorOf("#0=#1=#0#"), "1:7 the label means itself");
  EXPECT_EQ(ErrorOf("#1234567890="), "1:1 a label has at most 9 digits");
  EXPECT_EQ(ErrorOf(" #1a"), "1:2 after a label's number comes = or #");
  EXPECT_EQ(ErrorOf("#1"),
            "incomplete 1:1 after a label's number comes = or #");
}

TEST_F(ReaderTest, ParenthesesHaveToMatch) {
  EXPECT_EQ(ErrorOf("a)"), "1:2 ) closes nothing");
  EXPECT_EQ(ErrorOf("}"), "1:1 } closes nothing");
  EXPECT_EQ(ErrorOf("(a\n }"),
            "2:2 } does not close what is open since line 1, column 1");
  EXPECT_EQ(ErrorOf("{:a 1)"),
            "1:6 ) does not close what is open since line 1, column 1");
  EXPECT_EQ(ErrorOf("(a ')"),
            "1:5 before ) comes what belongs to line 1, column 4");
  EXPECT_EQ(ErrorOf("(a #;)"),
            "1:6 before ) comes what belongs to line 1, column 4");
  EXPECT_EQ(ErrorOf("[a]"),
            "1:1 lists are written with ( and ), not with [ and ]");
  EXPECT_EQ(ErrorOf("(a]"),
            "1:3 lists are written with ( and ), not with [ and ]");
}

TEST_F(ReaderTest, DotsComeBeforeTheLastOfAList) {
  EXPECT_EQ(ErrorOf("."), "1:1 a dot comes in a list, after its first item");
  EXPECT_EQ(ErrorOf("(. a)"),
            "1:2 a dot comes in a list, after its first item");
  EXPECT_EQ(ErrorOf("#(a . b)"),
            "1:5 a dot comes in a list, after its first item");
  EXPECT_EQ(ErrorOf("(a . )"), "1:6 after the dot comes the rest of the list");
  EXPECT_EQ(ErrorOf("(a . b c)"), "1:8 after a dot comes one form, and then )");
  EXPECT_EQ(ErrorOf("(a . . b)"), "1:6 the list has a dot already");
}

TEST_F(ReaderTest, TextsThatEndTooEarlyAreIncomplete) {
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"(a\n (b)", "1:1 this list has no end: ) is missing"},
      {"(a\n (b", "2:2 this list has no end: ) is missing"},
      {"#(", "1:1 this vector has no end: ) is missing"},
      {"#u8(1", "1:1 this vector has no end: ) is missing"},
      {" {:a", "1:2 this map has no end: } is missing"},
      {"'", "1:1 what this belongs to is missing"},
      {"(a #;", "1:4 what this belongs to is missing"},
      {"#0=", "1:1 what this belongs to is missing"},
      {"a \"b\n", "1:3 this string has no end: \" is missing"},
      {"\"\\", "1:1 the text ends after \\"},
      {"\"\\ ", "1:1 the text ends after \\"},
      {"\"\\x4", "1:1 the text ends after \\x"},
      {"|a", "1:1 this symbol has no end: | is missing"},
      {"|\\", "1:1 the text ends after \\"},
      {"#| #| |#", "1:1 this comment has no end: |# is missing"},
      {"#\\", "1:1 after #\\ comes a character"},
      {"#", "1:1 after # comes what it is the beginning of"},
  };
  for (const auto& [text, message] : texts) {
    EXPECT_EQ(ErrorOf(text), "incomplete " + std::string(message)) << text;
  }
}

TEST_F(ReaderTest, WordsThatAreNothingAreErrors) {
  EXPECT_EQ(ErrorOf("12abc"),
            "1:1 12abc is neither a number nor a symbol; as a symbol, write "
            "|12abc|");
  EXPECT_EQ(ErrorOf(" -.5x"),
            "1:2 -.5x is neither a number nor a symbol; as a symbol, write "
            "|-.5x|");
  EXPECT_EQ(ErrorOf("#foo"),
            "1:1 #foo is no datum: #t, #f, #\\a, #(1 2), #u8(1 2), #x1F and "
            "the like are");
  EXPECT_EQ(ErrorOf("a\\b"),
            "1:1 a symbol with such a character is written between bars: "
            "|a\\b|");
  EXPECT_EQ(ErrorOf("\\a"), "1:1 nothing begins so");
  EXPECT_EQ(ErrorOf("(\x01)"), "1:2 nothing begins so");
  EXPECT_EQ(ErrorOf("#\\foo"), "1:1 there is no character #\\foo");
  EXPECT_EQ(ErrorOf("#\\NEWLINE"), "1:1 there is no character #\\NEWLINE");
  EXPECT_EQ(ErrorOf("#\\xD800"), "1:1 there is no character #\\xD800");
  EXPECT_EQ(ErrorOf("#\\x110000"), "1:1 there is no character #\\x110000");
  EXPECT_EQ(ErrorOf("#!eof"), "1:1 after #! comes fold-case or no-fold-case");
}

TEST_F(ReaderTest, BadEscapesAreErrors) {
  EXPECT_EQ(ErrorOf(R"("a\q")"),
            "1:4 after \\ comes a, b, t, n, r, \", \\, |, x and a code point, "
            "or the end of a line");
  const std::string message =
      " a code point is written as \\x41; and is a character's";
  EXPECT_EQ(ErrorOf(R"("\x41")"), "1:3" + message);
  EXPECT_EQ(ErrorOf(R"("\x;")"), "1:3" + message);
  EXPECT_EQ(ErrorOf(R"("\xg;")"), "1:3" + message);
  EXPECT_EQ(ErrorOf(R"("\xD800;")"), "1:3" + message);
  EXPECT_EQ(ErrorOf(R"("\xFFFFFFFFFF;")"), "1:3" + message);
  EXPECT_EQ(ErrorOf("\"\\ a\""),
            "1:3 after \\ and space comes the end of the line");
}

TEST_F(ReaderTest, BadItemsAreErrors) {
  EXPECT_EQ(ErrorOf("#u8(1 256)"),
            "1:7 a bytevector has integers from 0 to 255");
  EXPECT_EQ(ErrorOf("#u8(-1)"), "1:5 a bytevector has integers from 0 to 255");
  EXPECT_EQ(ErrorOf("#u8(a)"), "1:5 a bytevector has integers from 0 to 255");
  EXPECT_EQ(ErrorOf("{:a 1 :b}"), "1:9 the map's last key has no value");
}

TEST_F(ReaderTest, BytesThatAreNotUtf8AreErrors) {
  for (const std::string bad :
       {"\x80", "\xC0\x80", "\xC3", "\xC3(", "\xED\xA0\x80", "\xF8\x88\x80\x80",
        "\xF4\x90\x80\x80", "\xE0\x80\x80", "\xFF"}) {
    EXPECT_EQ(ErrorOf("é" + bad), "1:2 this is not UTF-8");
    EXPECT_EQ(ErrorOf("\"é" + bad), "1:3 this is not UTF-8");
    EXPECT_EQ(ErrorOf("|é" + bad), "1:3 this is not UTF-8");
    EXPECT_EQ(ErrorOf(";é" + bad), "1:3 this is not UTF-8");
    EXPECT_EQ(ErrorOf("#|" + bad), "1:3 this is not UTF-8");
    EXPECT_EQ(ErrorOf("#\\" + bad), "1:3 this is not UTF-8");
    EXPECT_EQ(ErrorOf("(\n" + bad), "2:1 this is not UTF-8");
  }
}

TEST_F(ReaderTest, NestingHasALimit) {
  const std::size_t most = Reader::kMaxNesting;
  const std::string open(most, '(');
  const std::string close(most, ')');
  EXPECT_TRUE(ReadOne(open + close)->Is(Kind::kPair));
  const std::string message =
      "1:10001 more than 10000 forms are within each other here";
  EXPECT_EQ(ErrorOf(open + "(" + close + ")"), message);
  EXPECT_EQ(ErrorOf(std::string(1'000'000, '(')), message);
  EXPECT_EQ(ErrorOf(std::string(1'000'000, '\'')), message);
}

TEST_F(ReaderTest, ListsMayBeLong) {
  std::string text = "(";
  for (int i = 0; i < 100'000; ++i) text += "a ";
  const Syntax* list = ReadOne(text + ")");
  int length = 0;
  for (; list->Is(Kind::kPair); list = list->rest) ++length;
  EXPECT_EQ(length, 100'000);
}

TEST_F(ReaderTest, WhatIsWrittenIsReadBack) {
  for (const char* text :
       {"(a . (b \"c\\n\\x1;\\\"\\\\\" #\\x1 #\\newline #\\a))", "|a\\\\b|",
        "#(1 2.5 -0.0 1e100 #u8(1 2))", "{:a #0=(b . #0#)}", "||", "|#t|"}) {
    const std::string written = Read(text);
    EXPECT_EQ(Read(written), written);
  }
  EXPECT_EQ(Read("\"a\\x7;\""), "\"a\\x7;\"");
}

}  // namespace
}  // namespace fledge::lambda

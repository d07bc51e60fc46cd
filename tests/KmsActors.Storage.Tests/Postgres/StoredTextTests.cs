using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KmsActors.Storage.Postgres;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>Text as it is stored.</summary>
public sealed class StoredTextTests
{
    // Most of them are of few characters, so that they begin alike and have each other as parts.
    private static readonly string[] s_parts =
        ["\0", "\u0001", "\u0002", "\u0003", "\u0004", "a", "b", "é", "\uE000", "\uFFFD", "\U0001F511", "\U0010FFFF"];

    private static Arbitrary<string> Texts { get; } = Arb.From(
        Gen.Elements(s_parts).ListOf().Select(string.Concat));

    [Fact]
    public void Read_Stored_IsTheText() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Texts, text => StoredText.Read(StoredText.Of(text)) == text));

    [Fact]
    public void Of_AnyText_HasNoZero() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Texts, text => !StoredText.Of(text).Contains('\0')));

    [Fact]
    public void Of_TwoTexts_KeepsTheirOrder() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(Texts, Texts, (left, right) =>
        {
            var bytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
            return Math.Sign(StoredText.Compare(left, right)) == Math.Sign(bytes)
                && Math.Sign(StoredText.Compare(StoredText.Of(left), StoredText.Of(right))) == Math.Sign(bytes);
        }));

    [Fact]
    public void Of_PartOfAText_IsAPartOfIt() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(Texts, Texts, (text, part) =>
            StoredText.Of(text).Contains(StoredText.Of(part), StringComparison.Ordinal)
            == text.Contains(part, StringComparison.Ordinal)));

    [Fact]
    public void Of_PlainText_IsItself() => Assert.Same("alias/a\tb", StoredText.Of("alias/a\tb"));
}

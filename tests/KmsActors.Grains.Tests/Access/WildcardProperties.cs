using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Grains.Tests;

/// <summary>Patterns against .NET's regular expressions.</summary>
public sealed class WildcardProperties
{
    // Few letters, so that patterns do match.
    private static readonly Arbitrary<string> Texts = Arb.From(
        from letters in Gen.Elements('a', 'B', ':', 'b').ArrayOf()
        select new string(letters));

    private static readonly Arbitrary<string> Patterns = Arb.From(
        from letters in Gen.Elements('a', 'b', 'A', ':', '*', '*').ArrayOf()
        select new string(letters));

    [Fact]
    public void Matches_IsWhatARegularExpressionSays() => Prop.ForAll(Patterns, Texts, (pattern, text) =>
        Wildcard.Matches(pattern, text) == Regex.IsMatch(
            text,
            "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "\\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Matches_APatternTakenAsAText_MeansThatItMatchesAllThatTheOtherDoes() => Prop.ForAll(
        Patterns, Patterns, Texts, (wide, narrow, text) =>
            !Wildcard.Matches(wide, narrow) || !Wildcard.Matches(narrow, text) || Wildcard.Matches(wide, text))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void MatchesAll_IsWhatMatchesEveryText() => Prop.ForAll(Patterns, pattern =>
        Wildcard.MatchesAll(pattern) == (Wildcard.Matches(pattern, "") && Wildcard.Matches(pattern, "~")))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData("kms:*", "kms:cmk:get", true)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("KMS:Encrypt", "kms:encrypt", true)]
    [InlineData("kms:?mk:get", "kms:cmk:get", false)]
    [InlineData("kms:cmk:get", "kms:cmk:getQuota", false)]
    [InlineData("*get", "kms:cmk:getget", true)]
    [InlineData("kms:cmk:*Material", "kms:cmk:importMaterial", true)]
    public void Matches_Examples(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Wildcard.Matches(pattern, text));

    [Fact]
    public void Matches_TheWorstPattern_TakesNoTimeToSpeakOf()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", AccessRules.LongestPattern / 2)) + "b";
        Assert.False(Wildcard.Matches(pattern, new string('a', 10_000)));
    }
}

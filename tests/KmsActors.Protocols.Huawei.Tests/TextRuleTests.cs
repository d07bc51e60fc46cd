using System.Buffers;

namespace KmsActors.Protocols.Huawei.Tests;

public class TextRuleTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("abc", true)]
    [InlineData("abcd", false)]
    [InlineData("密钥匙", true)]
    [InlineData("密钥匙!", false)]
    [InlineData("🔑🔑🔑", true)]
    [InlineData("🔑🔑🔑🔑", false)]
    [InlineData("🔑🔑🔑a", false)]
    public void Allows_Length_IsInUnicodeCharacters(string text, bool expected) =>
        Assert.Equal(expected, new TextRule(1, 3).Allows(text));

    [Theory]
    [InlineData("🔑", false)]
    [InlineData("🔑a", true)]
    [InlineData("ab", true)]
    public void Allows_Least_IsInUnicodeCharactersToo(string text, bool expected) =>
        Assert.Equal(expected, new TextRule(2, 3).Allows(text));

    [Fact]
    public void Allows_Huge_DoesNotOverflow() => Assert.True(new TextRule(0, int.MaxValue).Allows("a"));

    [Theory]
    [InlineData("ab", true)]
    [InlineData("abc", false)]
    [InlineData("", true)]
    public void Allows_Only_NamesAllCharacters(string text, bool expected) =>
        Assert.Equal(expected, new TextRule(0, 9) { Only = SearchValues.Create("ab") }.Allows(text));

    [Theory]
    [InlineData("cd", true)]
    [InlineData("ca", false)]
    public void Allows_Never_NamesTheForbidden(string text, bool expected) =>
        Assert.Equal(expected, new TextRule(0, 9) { Never = SearchValues.Create("ab") }.Allows(text));
}

using System.Text;
using FsCheck;
using FsCheck.Xunit;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Http.Tests;

public class ParametersTests
{
    [Theory]
    [InlineData(Parameters.Most, true)]
    [InlineData(Parameters.Most + 1, false)]
    public void Parse_ManyParameters_AreBounded(int count, bool isGood)
    {
        string query = string.Join('&', Enumerable.Range(0, count).Select(i => $"n{i}={i}"));
        using Parameters parameters = Calls.Parse(query, "");
        Assert.Equal(!isGood, parameters.AreMalformed);
        if (isGood) Assert.Equal("200", parameters["n200"]);
    }

    [Fact]
    public void Parse_KeptOneBehindTheBound_IsStillThere()
    {
        var query = string.Concat(Enumerable.Repeat("a=b&", 300)) + "kept=1&other=2&c=d";
        using var parameters = Calls.Parse(query, kept: "kept");
        Assert.True(parameters.AreMalformed);
        Assert.Equal((Parameters.Most, "1", null), (parameters.Count, parameters["kept"], parameters["other"]));
    }

    [Theory]
    [InlineData("a=1&b=2", null)]
    [InlineData("a=1&b=2&%61=1", "a")]
    [InlineData("b=1&c=1&b=2&c=2", "b")]
    public void Parse_DoubledName_IsTold(string query, string? expected)
    {
        using var parameters = Calls.Parse(query);
        Assert.Equal((expected, false), (parameters.DoubledName, parameters.AreMalformed));
    }

    [Theory]
    [InlineData(Parameters.LongestName, "n", true)]
    [InlineData(Parameters.LongestName + 1, "n", false)]
    [InlineData(Parameters.LongestName, "密", true)]
    [InlineData(Parameters.LongestName + 1, "密", false)]
    public void Parse_LongName_IsBoundedInCharacters(int length, string character, bool isGood)
    {
        string name = string.Concat(Enumerable.Repeat(character, length));
        using Parameters parameters = Calls.Parse(name + "=v");
        Assert.Equal(!isGood, parameters.AreMalformed);
    }

    [Fact]
    public void Parse_Separators_AreTakenAsTheyStand()
    {
        using Parameters parameters = Calls.Parse("&&a=1&b&c=&", "d=4&&");
        Assert.False(parameters.AreMalformed);
        Assert.Equal(4, parameters.Count);
        Assert.Equal("1", parameters["a"]);
        Assert.Equal("", parameters["b"]);
        Assert.Equal("", parameters["c"]);
        Assert.Equal("4", parameters["d"]);
    }

    [Fact]
    public void TryGet_Name_IsCaseSensitiveAndWhole()
    {
        using Parameters parameters = Calls.Parse("KeyId=1");
        Assert.True(parameters.TryGet("KeyId", out string? value));
        Assert.Equal("1", value);
        Assert.False(parameters.TryGet("keyid", out _));
        Assert.False(parameters.TryGet("Key", out _));
        Assert.False(parameters.TryGetUtf8("KeyIds", out _));
        Assert.Null(parameters["Key"]);
    }

    [Fact]
    public void StartingWith_Prefix_YieldsTheRestOfTheName()
    {
        using Parameters parameters = Calls.Parse(
            "EncryptionContext.z=1&EncryptionContext=%7B%7D&Encryption=2",
            "EncryptionContext.a.b=3&EncryptionContext.=4&EncryptionContext.%E5%AF%86=%E9%92%A5");
        KeyValuePair<string, string>[] expected =
            [new("", "4"), new("a.b", "3"), new("z", "1"), new("密", "钥")];
        Assert.Equal(expected, parameters.StartingWith("EncryptionContext."));
    }

    [Fact]
    public void Parse_NamesBeyondTheFirstPlane_SortLikeUtf16()
    {
        string[] names = ["a", "\u00e9", "密", "\ud83d\udd11", "\ue000", "\uff21", "ab", "A"];
        using Parameters parameters = Calls.Parse(string.Join('&', names.Select(n => Calls.Encode(n) + "=")));
        Assert.Equal(names.Order(StringComparer.Ordinal), Names(parameters));
    }

    [Property]
    public void Parse_Encoded_GivesBackEverything(NonNull<string>[] values)
    {
        string[] valid = [.. values.Take(100).Select(v => WellFormed(v.Get))];
        string[] pairs = [.. valid.Select((v, i) => $"n{i}={Calls.Encode(v)}")];
        using Parameters parameters = Calls.Parse(
            string.Join('&', pairs[..(pairs.Length / 2)]), string.Join('&', pairs[(pairs.Length / 2)..]));
        Assert.False(parameters.AreMalformed);
        for (int i = 0; i < valid.Length; i++) Assert.Equal(valid[i], parameters[$"n{i}"]);
    }

    [Property]
    public void Parse_AnyNames_SortLikeUtf16(NonEmptyString[] names)
    {
        string[] valid = [.. names.Take(100).Select((n, i) => WellFormed(n.Get) + i)];
        using Parameters parameters = Calls.Parse(string.Join('&', valid.Select(Calls.Encode)));
        if (!parameters.AreMalformed) Assert.Equal(valid.Order(StringComparer.Ordinal), Names(parameters));
    }

    [Property]
    public void Parse_RandomBytes_NeverThrows(byte[] bytes)
    {
        PooledBuffer text = new(16);
        text.Append(bytes);
        Parameters parameters = Parameters.Parse(text, bytes.Length / 2);
        parameters.Dispose();
        parameters.Dispose();
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> Names(Parameters parameters) =>
        Enumerable.Range(0, parameters.Count).Select(i => Encoding.UTF8.GetString(parameters.Name(i)));
}

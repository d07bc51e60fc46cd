using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Aliyun.Tests;

public partial class RotationIntervalTextTests
{
    private const int Week = 7 * 24 * 3600;
    private const int TwoYears = 730 * 24 * 3600;

    private static readonly Dictionary<char, int> s_units = new() { ['d'] = 86400, ['h'] = 3600, ['m'] = 60, ['s'] = 1 };

    [Theory]
    [InlineData("7d", Week)]
    [InlineData("168h", Week)]
    [InlineData("10080m", Week)]
    [InlineData("604800s", Week)]
    [InlineData("007d", Week)]
    [InlineData("169h", Week + 3600)]
    [InlineData("365d", TwoYears / 2)]
    [InlineData("730d", TwoYears)]
    [InlineData("17520h", TwoYears)]
    [InlineData("1051200m", TwoYears)]
    [InlineData("63072000s", TwoYears)]
    public void Parse_WithinBounds_IsTheInterval(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RotationIntervalText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("6d")]
    [InlineData("167h")]
    [InlineData("10079m")]
    [InlineData("604799s")]
    [InlineData("731d")]
    [InlineData("17521h")]
    [InlineData("1051201m")]
    [InlineData("63072001s")]
    [InlineData("7D")]
    [InlineData("-7d")]
    [InlineData("+7d")]
    [InlineData(" 7d")]
    [InlineData("7 d")]
    [InlineData("7d ")]
    [InlineData("7.0d")]
    [InlineData("7\0d")]
    [InlineData("７d")]
    [InlineData("2147483648s")]
    [InlineData("4295572096s")]
    [InlineData("18446744073710156416s")]
    public void Parse_AnythingElse_IsNone(string text) => Assert.Null(RotationIntervalText.Parse(text));

    [Property]
    public Property Parse_AnyCount_IsWhatArithmeticWithoutBoundsSays() => Prop.ForAll(
        Gen.OneOf(
            Gen.Choose(0, 2000).Select(count => (BigInteger)count),
            Gen.Choose(0, int.MaxValue).Select(count => (BigInteger)count),
            Gen.Choose(0, int.MaxValue).Select(count => (BigInteger)count * count * count)).ToArbitrary(),
        Gen.Elements('d', 'h', 'm', 's').ToArbitrary(),
        (count, unit) =>
        {
            BigInteger seconds = count * s_units[unit];
            TimeSpan? expected = seconds >= Week && seconds <= TwoYears ? TimeSpan.FromSeconds((long)seconds) : null;
            return RotationIntervalText.Parse(count.ToString(CultureInfo.InvariantCulture) + unit) == expected;
        });

    [Property]
    public Property Of_AnyInterval_IsReadBackTheSame() => Prop.ForAll(
        Gen.Choose(Week, TwoYears).ToArbitrary(),
        seconds =>
        {
            TimeSpan interval = TimeSpan.FromSeconds(seconds);
            string text = RotationIntervalText.Of(interval);
            Assert.Equal($"{seconds}s", text);
            Assert.InRange(text.Length, 1, RotationIntervalText.Longest);
            Assert.Equal(interval, RotationIntervalText.Parse(text));
        });

    [Property(MaxTest = 1000)]
    public Property Parse_AnyText_IsNoneUnlessItIsDigitsAndAUnit() => Prop.ForAll(
        Gen.Elements("07 9dhmsD-+.,\0\n７".ToCharArray()).ArrayOf().Resize(6).ToArbitrary(),
        characters =>
        {
            string text = new(characters);
            if (RotationIntervalText.Parse(text) is not { } interval) return;
            Assert.Matches(Form(), text);
            Assert.InRange(interval.TotalSeconds, Week, TwoYears);
        });

    [Property]
    public void Parse_TextOfAnyKind_DoesNotThrow(string? text) => RotationIntervalText.Parse(text ?? "");

    [GeneratedRegex(@"^[0-9]+[dhms]\z")]
    private static partial Regex Form();
}

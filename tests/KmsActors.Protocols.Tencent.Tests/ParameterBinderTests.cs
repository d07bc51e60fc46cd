using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Tencent.Tests;

public class ParameterBinderTests
{
    [Property]
    public void Text_OfAnyCharacters_IsCountedByCharacter(NonNull<string> any, PositiveInt most)
    {
        var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(any.Get));
        using var bind = Bind(("alias", text));
        var isGood = text.EnumerateRunes().Count() <= most.Get && !text.Any(char.IsControl);
        Assert.Equal(isGood ? text : "", bind.Text("alias", 0, most.Get));
        Assert.Equal(isGood, bind.Error is null);
    }

    [Property]
    public void Integer_OfAnyNumber_IsThatOrRefused(long value, int least, int most)
    {
        using var bind = Bind(("n", value.ToString(CultureInfo.InvariantCulture)));
        var isGood = value >= 0 && value >= least && value <= most;
        Assert.Equal(isGood ? (int)value : null, bind.OptionalInteger("n", least, most));
        Assert.Equal(isGood ? null : TencentErrors.OutOfRange("n"), bind.Error);
    }

    [Property]
    public void Integer_OfAnyText_IsDigitsOrRefused(NonNull<string> text)
    {
        using var bind = Bind(("n", text.Get));
        var isNumber = bind.OptionalInteger("n", 0, int.MaxValue) is not null;
        Assert.Equal(isNumber, bind.Error is null);
        if (isNumber) Assert.Matches("^[0-9]+\\z", text.Get);
    }

    // Names sort as texts, so that 10 comes before 2; the list is by number.
    [Property]
    public void List_OfAnyValues_IsThoseInTheirOrder(NonNull<string>[] any)
    {
        var values = any.Take(50).Select(v => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(v.Get))).ToArray();
        using var bind = Bind([.. values.Select((value, i) => ($"id.{i}", value)), ("id", "other"), ("ids.0", "other")]);
        Assert.Equal(values, bind.List("id", 50));
        Assert.Null(bind.Error);
        if (values.Length == 0) return;
        Assert.Empty(bind.List("id", values.Length - 1));
        Assert.Equal(TencentErrors.OutOfRange("id"), bind.Error);
    }

    [Property]
    public void Plaintext_OfAnyBytes_IsThemOrRefused(byte[] bytes, PositiveInt most)
    {
        using var bind = Bind(("plaintext", Convert.ToBase64String(bytes)));
        var plaintext = bind.Plaintext("plaintext", most.Get);
        var expected = (bytes.Length, bytes.Length > most.Get) switch
        {
            (0, _) => TencentErrors.Missing("plaintext"),
            (_, true) => TencentErrors.OutOfRange("plaintext"),
            _ => null,
        };
        Assert.Equal(expected, bind.Error);
        if (expected is null) Assert.Equal(bytes, plaintext.ToArray());
    }

    [Fact]
    public void Plaintext_AfterTheCall_IsZeroed()
    {
        var bind = Bind(("plaintext", "aGVsbG8="));
        var plaintext = bind.Plaintext("plaintext", 10);
        Assert.Equal("hello"u8, plaintext.Span);
        bind.Dispose();
        Assert.Equal(new byte[5], plaintext.ToArray());
    }

    [Fact]
    public void Error_OfTwo_IsTheFirst()
    {
        using var bind = Bind(("limit", "x"));
        bind.OptionalInteger("limit", 0, 9);
        bind.Text("alias", 1, 2);
        bind.Context();
        Assert.Equal(TencentErrors.OutOfRange("limit"), bind.Error);
    }

    [Theory]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37f", null)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37", 10350)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37ff", 10350)]
    [InlineData("", 10390)]
    public void KeyId_HasTheLengthOfOne(string keyId, int? module)
    {
        using var bind = Bind(("keyId", keyId));
        Assert.Equal(module is null ? keyId : "", bind.KeyId());
        Assert.Equal(module, bind.Error?.Module);
    }

    private static ParameterBinder Bind(params (string Name, string Value)[] parameters) => new(Calls.Parse(parameters));
}

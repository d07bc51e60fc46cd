using System.Globalization;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Huawei.Tests;

public class FieldBinderNumberTests
{
    private static readonly HuaweiError s_error = HuaweiErrors.LimitInvalid;

    [Theory]
    [InlineData("\"512\"", true, true)]
    [InlineData("\"8\"", true, true)]
    [InlineData("\"8192\"", true, true)]
    [InlineData("\"0512\"", true, true)]
    [InlineData("512", false, true)]
    [InlineData("7", false, false)]
    [InlineData("\"7\"", false, false)]
    [InlineData("\"8193\"", false, false)]
    [InlineData("8193", false, false)]
    [InlineData("\"\"", false, false)]
    [InlineData("\"-512\"", false, false)]
    [InlineData("-512", false, false)]
    [InlineData("\"+512\"", false, false)]
    [InlineData("\" 512\"", false, false)]
    [InlineData("\"512\\u0000\"", false, false)]
    [InlineData("\"5\\u06612\"", false, false)]
    [InlineData("\"512.0\"", false, false)]
    [InlineData("512.0", false, false)]
    [InlineData("5.12e2", false, false)]
    [InlineData("\"0x200\"", false, false)]
    [InlineData("\"99999999999999999999\"", false, false)]
    [InlineData("99999999999999999999", false, false)]
    [InlineData("true", false, false)]
    [InlineData("[512]", false, false)]
    public void Number_InEitherForm_IsBounded(string value, bool isGoodText, bool isGoodEither)
    {
        foreach ((NumberForm form, bool isGood) in new[] { (NumberForm.Text, isGoodText), (NumberForm.TextOrInteger, isGoodEither) })
        {
            using FieldBinder bind = Calls.Bind("{\"n\":" + value + "}");
            int number = bind.Number("n", 8, 8192, s_error, form);
            Assert.Equal(isGood ? null : s_error, bind.Error);
            if (isGood) Assert.Equal(int.Parse(value.Trim('"'), CultureInfo.InvariantCulture), number);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"n\":null}")]
    public void Number_NotGiven_IsMissingWhenRequired(string json)
    {
        using FieldBinder bind = Calls.Bind(json);
        Assert.Null(bind.OptionalNumber("n", 1, 2, s_error));
        Assert.Null(bind.Error);
        bind.Number("n", 1, 2, s_error);
        Assert.Equal(HuaweiErrors.ParameterMissing, bind.Error);
    }

    [Theory]
    [InlineData("1550291833", 1550291833)]
    [InlineData("\"1550291833\"", 1550291833)]
    [InlineData("\"0\"", 0)]
    [InlineData("253402300799", 253402300799)]
    public void OptionalSeconds_TextOrInteger_IsATime(string value, long seconds)
    {
        using FieldBinder bind = Calls.Bind("{\"expiration_time\":" + value + "}");
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(seconds), bind.OptionalSeconds("expiration_time", HuaweiErrors.ExpirationTimePast));
        Assert.Null(bind.Error);
    }

    [Theory]
    [InlineData("253402300800")]
    [InlineData("-1")]
    [InlineData("\"1550291833000000\"")]
    [InlineData("1.5")]
    [InlineData("\"2019-02-16\"")]
    [InlineData("\"\"")]
    public void OptionalSeconds_NoTime_IsRefused(string value)
    {
        using FieldBinder bind = Calls.Bind("{\"expiration_time\":" + value + "}");
        Assert.Null(bind.OptionalSeconds("expiration_time", HuaweiErrors.ExpirationTimePast));
        Assert.Equal(HuaweiErrors.ExpirationTimePast, bind.Error);
    }

    [Fact]
    public void OptionalSeconds_NotGiven_IsNull()
    {
        using FieldBinder bind = Calls.Bind("{}");
        Assert.Null(bind.OptionalSeconds("expiration_time", s_error));
        Assert.Null(bind.Error);
    }

    [Property]
    public void OptionalNumber_AnyNumber_IsWithinItsBounds(long number, int a, int b)
    {
        (long least, long most) = (Math.Min((long)a, b), Math.Max((long)a, b));
        using FieldBinder bind = Calls.Bind("{\"n\":\"" + number.ToString(CultureInfo.InvariantCulture) + "\"}");
        long? read = bind.OptionalNumber("n", least, most, s_error);
        bool isGood = number >= 0 && number >= least && number <= most;
        Assert.Equal(isGood ? number : null, read);
        Assert.Equal(isGood, bind.Error is null);
    }
}

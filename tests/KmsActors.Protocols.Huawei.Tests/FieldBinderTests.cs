using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei.Tests;

public class FieldBinderTests
{
    private static readonly HuaweiError s_error = HuaweiErrors.ParameterInvalid;
    private static readonly TextRule s_rule = new(1, 5);

    [Theory]
    [InlineData("{\"v\":\"a密🔑\"}", "a密🔑", null)]
    [InlineData("{\"v\":\"a\\/b\"}", "a/b", null)]
    [InlineData("{\"v\":\"\"}", null, "KMS.0308")]
    [InlineData("{\"v\":\"abcdef\"}", null, "KMS.0308")]
    [InlineData("{\"v\":1}", null, "KMS.0308")]
    [InlineData("{\"v\":[\"a\"]}", null, "KMS.0308")]
    [InlineData("{\"v\":null}", null, "KMS.0204")]
    [InlineData("{\"V\":\"a\"}", null, "KMS.0204")]
    [InlineData("{}", null, "KMS.0204")]
    [InlineData("", null, "KMS.0204")]
    [InlineData("[]", null, "KMS.0202")]
    public void Text_Required_IsThereAndAllowed(string json, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind(json);
        string text = bind.Text("v", s_rule, s_error);
        Assert.Equal(code, bind.Error?.Code);
        if (expected is not null) Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("{\"v\":\"a\"}", "a", null)]
    [InlineData("{\"v\":\"\"}", "", "KMS.0308")]
    [InlineData("{\"v\":true}", "", "KMS.0308")]
    [InlineData("{\"v\":null,\"w\":{\"v\":\"a\"}}", null, null)]
    [InlineData("{}", null, null)]
    public void OptionalText_NotGiven_IsNull(string json, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind(json);
        Assert.Equal(expected, bind.OptionalText("v", s_rule, s_error));
        Assert.Equal(code, bind.Error?.Code);
    }

    [Fact]
    public void Error_First_IsTheAnswer()
    {
        using FieldBinder bind = Calls.Bind("{\"limit\":\"x\",\"key_alias\":\"\",\"key_id\":\"?\"}");
        bind.Text("key_alias", s_rule, HuaweiErrors.KeyAliasInvalid);
        bind.OptionalNumber("limit", 1, 2, HuaweiErrors.LimitInvalid);
        bind.KeyId();
        Assert.Equal(HuaweiErrors.KeyAliasInvalid, bind.Error);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public void Body_OfAnotherMethod_HasNoFields(string method)
    {
        using FieldBinder bind = new(Calls.Request(method, Calls.Root, "nonsense"u8.ToArray()));
        Assert.False(bind.IsGiven("v"));
        Assert.Null(bind.Error);
    }

    [Fact]
    public void Body_Malformed_HasNoFieldsAndOneError()
    {
        using FieldBinder bind = Calls.Bind("{\"key_id\":\"a\",\"key_id\":\"a\"}");
        Assert.False(bind.IsGiven("key_id"));
        bind.KeyId();
        bind.Context();
        bind.Objects("tags", new(1, s_error, s_error), _ => 0);
        Assert.Equal(HuaweiErrors.JsonInvalid, bind.Error);
    }

    [Fact]
    public void UnknownFields_ArePassedOver()
    {
        using FieldBinder bind = Calls.Bind("{\"v\":\"a\",\"additional_authenticated_data\":\"x\",\"n\":[{\"m\":[1]}]}");
        Assert.Equal("a", bind.Text("v", s_rule, s_error));
        Assert.Null(bind.Error);
    }

    [Theory]
    [InlineData("\"919c82d4-8046-4722-9094-35c3c6524cff\"", null)]
    [InlineData("\"919C82D4-8046-4722-9094-35C3C6524CFF\"", null)]
    [InlineData("null", null)]
    [InlineData("\"\"", "KMS.0206")]
    [InlineData("\"919c82d4-8046-4722-9094-35c3c6524cf\"", "KMS.0206")]
    [InlineData("919", "KMS.0206")]
    [InlineData("{}", "KMS.0206")]
    public void Sequence_WheneverThere_HasItsForm(string sequence, string? code)
    {
        using FieldBinder bind = Calls.Bind("{\"key_id\":\"\",\"sequence\":" + sequence + "}");
        Assert.Equal(code, bind.Error?.Code);
        bind.KeyId();
        Assert.Equal(code ?? "KMS.0205", bind.Error?.Code);
    }

    [Theory]
    [InlineData("{\"key_id\":\"" + Calls.KeyId + "\"}", null)]
    [InlineData("{\"key_id\":\"x\"}", "KMS.0205")]
    [InlineData("{\"key_id\":\"\"}", "KMS.0205")]
    [InlineData("{\"key_id\":5}", "KMS.0205")]
    [InlineData("{}", "KMS.0204")]
    public void KeyId_Required_HasItsForm(string json, string? code)
    {
        using FieldBinder bind = Calls.Bind(json);
        string keyId = bind.KeyId();
        Assert.Equal(code, bind.Error?.Code);
        Assert.Equal(code is null ? Calls.KeyId : "", keyId);
    }

    [Fact]
    public void KeyIdOf_TextOfThePath_IsHeldToTheSameForm()
    {
        using FieldBinder bind = Calls.Bind("");
        Assert.Equal(Calls.KeyId, bind.KeyIdOf(Calls.KeyId));
        Assert.Null(bind.Error);
        bind.KeyIdOf("tags");
        Assert.Equal(HuaweiErrors.KeyIdInvalid, bind.Error);
    }

    [Theory]
    [InlineData("{\"origin\":\"kms\"}", 1, null)]
    [InlineData("{\"origin\":\"external\"}", 2, null)]
    [InlineData("{}", 0, null)]
    [InlineData("{\"origin\":null}", 0, null)]
    [InlineData("{\"origin\":\"KMS\"}", 0, "KMS.0308")]
    [InlineData("{\"origin\":\"\"}", 0, "KMS.0308")]
    [InlineData("{\"origin\":1}", 0, "KMS.0308")]
    public void Choice_Word_IsAsWritten(string json, int expected, string? code)
    {
        using FieldBinder bind = Calls.Bind(json);
        Assert.Equal(expected, bind.Choice("origin", 0, s_error, ("kms", 1), ("external", 2)));
        Assert.Equal(code, bind.Error?.Code);
    }

    [Theory]
    [InlineData("{\"action\":\"delete\"}", null)]
    [InlineData("{\"action\":\"drop\"}", "KMS.0404")]
    [InlineData("{\"action\":false}", "KMS.0404")]
    [InlineData("{}", "KMS.0204")]
    public void RequiredChoice_Word_IsThere(string json, string? code)
    {
        using FieldBinder bind = Calls.Bind(json);
        bool isDelete = bind.RequiredChoice("action", HuaweiErrors.ActionInvalid, ("create", false), ("delete", true));
        Assert.Equal(code, bind.Error?.Code);
        if (code is null) Assert.True(isDelete);
    }

    [Theory]
    [InlineData("{\"Key1\":\"Value1\",\"Key2\":\"\"}", true)]
    [InlineData("{}", true)]
    [InlineData("{\"a\":\"b\",\"\":\"c\"}", true)]
    [InlineData("{\"a\":1}", false)]
    [InlineData("{\"a\":null}", false)]
    [InlineData("{\"a\":{\"b\":\"c\"}}", false)]
    [InlineData("[]", false)]
    [InlineData("\"{}\"", false)]
    public void Context_Object_HasStringsOnly(string context, bool isGood)
    {
        using FieldBinder bind = Calls.Bind("{\"encryption_context\":" + context + "}");
        bind.Context();
        Assert.Equal(isGood ? null : HuaweiErrors.EncryptionContextInvalid, bind.Error);
    }

    [Fact]
    public void Context_Object_IsTheSameInAnyOrder()
    {
        using FieldBinder one = Calls.Bind("{\"encryption_context\":{\"Key1\":\"Value1\",\"Key2\":\"密\"}}");
        using FieldBinder other = Calls.Bind("{\"encryption_context\":{\"Key2\":\"\\u5bc6\",\"Key1\":\"Value1\"}}");
        EncryptionContext expected = EncryptionContext.FromJson("{\"Key1\":\"Value1\",\"Key2\":\"密\"}")!;
        Assert.Equal(expected.Canonical, one.Context().Canonical);
        Assert.Equal(expected.Canonical, other.Context().Canonical);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"encryption_context\":null}")]
    [InlineData("{\"encryption_context\":{}}")]
    public void Context_None_IsTheEmptyOne(string json)
    {
        using FieldBinder bind = Calls.Bind(json);
        Assert.Equal(EncryptionContext.Empty.Canonical, bind.Context().Canonical);
        Assert.Null(bind.Error);
    }

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public void Context_Long_IsBounded(int length, bool isGood)
    {
        using FieldBinder bind = Calls.Bind("{\"encryption_context\":{\"k\":\"" + new string('密', length - 1) + "\"}}");
        bind.Context();
        Assert.Equal(isGood ? null : HuaweiErrors.EncryptionContextInvalid, bind.Error);
    }

    [Fact]
    public void Require_Condition_FailsWhenItDoesNotHold()
    {
        using FieldBinder bind = Calls.Bind("");
        bind.Require(true, "key", HuaweiErrors.TagKeyInvalid);
        Assert.Null(bind.Error);
        Assert.Null(bind.Culprit);
        bind.Require(false, "key", HuaweiErrors.TagKeyInvalid);
        bind.Require(false, "value", HuaweiErrors.TagValueInvalid);
        Assert.Equal(HuaweiErrors.TagKeyInvalid, bind.Error);
        Assert.Equal("key", bind.Culprit);
    }
}

namespace KmsActors.Protocols.Huawei.Tests;

public class FieldBinderListTests
{
    private static readonly ListRule s_tags = new(3, HuaweiErrors.TagListInvalid, HuaweiErrors.TooManyTags);
    private static readonly TextRule s_short = new(1, 3);

    [Theory]
    [InlineData("[{\"key\":\"a\",\"value\":\"\"},{\"value\":\"x\",\"key\":\"b\",\"new\":1}]", "a=|b=x", null)]
    [InlineData("[]", "", null)]
    [InlineData("[{\"key\":\"a\"},{\"key\":\"b\"},{\"key\":\"c\"}]", "a=|b=|c=", null)]
    [InlineData("[{\"key\":\"a\"},{\"key\":\"b\"},{\"key\":\"c\"},{\"key\":\"d\"}]", null, "KMS.0409")]
    [InlineData("[{\"key\":\"a\"},[]]", null, "KMS.0412")]
    [InlineData("[\"a\"]", null, "KMS.0412")]
    [InlineData("[null]", null, "KMS.0412")]
    [InlineData("{\"key\":\"a\"}", null, "KMS.0412")]
    [InlineData("\"a\"", null, "KMS.0412")]
    [InlineData("[{\"key\":\"abcd\"}]", null, "KMS.0411")]
    [InlineData("[{\"key\":5}]", null, "KMS.0411")]
    [InlineData("[{\"value\":\"a\"}]", null, "KMS.0204")]
    public void Objects_List_IsReadElementByElement(string list, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind("{\"tags\":" + list + "}");
        List<string> tags = bind.Objects("tags", s_tags, ReadTag);
        Assert.Equal(code, bind.Error?.Code);
        if (expected is not null) Assert.Equal(expected, string.Join('|', tags));
    }

    [Fact]
    public void Objects_NotGiven_AreMissingWhenRequired()
    {
        using FieldBinder bind = Calls.Bind("{\"tags\":null}");
        Assert.Null(bind.OptionalObjects("tags", s_tags, ReadTag));
        Assert.Null(bind.Error);
        Assert.Empty(bind.Objects("tags", s_tags, ReadTag));
        Assert.Equal(HuaweiErrors.ParameterMissing, bind.Error);
    }

    [Fact]
    public void Objects_TooLongOrBroken_AreNotReadOn()
    {
        int read = 0;
        using FieldBinder tooLong = Calls.Bind("{\"tags\":[{},{},{},{}]}");
        tooLong.Objects("tags", s_tags, _ => read++);
        Assert.Equal(0, read);

        using FieldBinder broken = Calls.Bind("{\"tags\":[{},{},{}]}");
        broken.Objects("tags", s_tags, tag => read++ + tag.Text("key", s_short, HuaweiErrors.TagKeyInvalid).Length);
        Assert.Equal(1, read);
    }

    [Theory]
    [InlineData("[\"a\",\"密\"]", "a|密", null)]
    [InlineData("[]", "", null)]
    [InlineData("[\"a\",\"abcd\"]", null, "KMS.0410")]
    [InlineData("[\"a\",\"\"]", null, "KMS.0410")]
    [InlineData("[\"a\",1]", null, "KMS.0412")]
    [InlineData("[\"a\",\"b\",\"c\",\"d\"]", null, "KMS.0409")]
    [InlineData("\"a\"", null, "KMS.0412")]
    public void Texts_List_IsHeldToItsRules(string list, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind("{\"values\":" + list + "}");
        List<string> values = bind.Texts("values", s_tags, s_short, HuaweiErrors.TagValueLengthInvalid);
        Assert.Equal(code, bind.Error?.Code);
        if (expected is not null) Assert.Equal(expected, string.Join('|', values));
    }

    [Fact]
    public void Texts_NotGiven_AreMissingWhenRequired()
    {
        using FieldBinder bind = Calls.Bind("{}");
        Assert.Null(bind.OptionalTexts("values", s_tags, s_short, HuaweiErrors.TagValueInvalid));
        Assert.Null(bind.Error);
        Assert.Empty(bind.Texts("values", s_tags, s_short, HuaweiErrors.TagValueInvalid));
        Assert.Equal(HuaweiErrors.ParameterMissing, bind.Error);
    }

    [Theory]
    [InlineData("{\"tag\":{\"key\":\"a\",\"value\":\"b\"}}", "a=b", null)]
    [InlineData("{\"tag\":[{\"key\":\"a\",\"value\":\"b\"}]}", null, "KMS.0412")]
    [InlineData("{\"tag\":{}}", "=", "KMS.0204")]
    [InlineData("{\"tag\":null}", null, "KMS.0204")]
    [InlineData("{}", null, "KMS.0204")]
    public void Object_One_IsReadWithinTheSameErrors(string json, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind(json);
        Assert.Equal(expected, bind.Object("tag", HuaweiErrors.TagListInvalid, ReadTag));
        Assert.Equal(code, bind.Error?.Code);
    }

    [Fact]
    public void Objects_Nested_ShareTheFirstError()
    {
        using FieldBinder bind = Calls.Bind("{\"tags\":[{\"key\":\"a\",\"values\":[\"b\",\"long\"]}],\"key_id\":\"?\"}");
        bind.Objects("tags", s_tags, tag => tag.Texts("values", s_tags, s_short, HuaweiErrors.TagValueLengthInvalid));
        bind.KeyId();
        Assert.Equal(HuaweiErrors.TagValueLengthInvalid, bind.Error);
    }

    private static string ReadTag(FieldBinder tag) =>
        tag.Text("key", s_short, HuaweiErrors.TagKeyLengthInvalid)
        + "=" + tag.OptionalText("value", new TextRule(0, 3), HuaweiErrors.TagValueLengthInvalid);
}

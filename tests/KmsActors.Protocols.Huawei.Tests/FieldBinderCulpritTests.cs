namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Which field an error is about.</summary>
public class FieldBinderCulpritTests
{
    private static readonly HuaweiError s_error = HuaweiErrors.ParameterInvalid;
    private static readonly ListRule s_list = new(1, HuaweiErrors.TagListInvalid, HuaweiErrors.TooManyTags);

    private static readonly Dictionary<string, Action<FieldBinder>> s_readers = new()
    {
        ["text"] = bind => bind.Text("text", new TextRule(1, 3), s_error),
        ["key_id"] = bind => bind.KeyId(),
        ["word"] = bind => bind.RequiredChoice("word", s_error, ("a", 1)),
        ["number"] = bind => bind.Number("number", 1, 2, s_error),
        ["seconds"] = bind => bind.Number("seconds", 1, 2, s_error, NumberForm.TextOrInteger),
        ["hex"] = bind => bind.Hex("hex", 1, 2, s_error),
        ["base64"] = bind => bind.Base64("base64", 4, 8, s_error),
        ["secret"] = bind => bind.SecretText("secret", 1, 2, s_error),
        ["object"] = bind => bind.Object("object", s_error, _ => 0),
        ["list"] = bind => bind.Objects("list", s_list, _ => 0),
        ["texts"] = bind => bind.Texts("texts", s_list, new TextRule(1, 2), s_error),
    };

    public static IEnumerable<object[]> Fields => s_readers.Keys.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Fields))]
    public void Field_MissingOrWrong_IsTheCulprit(string name)
    {
        foreach (string body in new[] { "{}", "{\"" + name + "\":null}", "{\"" + name + "\":true}" })
        {
            using FieldBinder bind = Calls.Bind(body);
            s_readers[name](bind);
            Assert.NotNull(bind.Error);
            Assert.Equal(name, bind.Culprit);
        }
    }

    [Fact]
    public void Culprit_IsThatOfTheFirstError()
    {
        using FieldBinder bind = Calls.Bind("{\"tag\":{\"key\":\"\"}}");
        Assert.Null(bind.Culprit);
        bind.Object("tag", s_error, tag => tag.Text("key", new TextRule(1, 3), s_error));
        bind.KeyId();
        Assert.Equal("key", bind.Culprit);
        Assert.Equal("Invalid parameter. (key)", bind.Error?.About(bind.Culprit).Message);
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("{\"sequence\":\"\"}", "sequence")]
    [InlineData("{\"encryption_context\":5}", "encryption_context")]
    public void Culprit_OfTheBodyAsAWhole_IsNone(string body, string? expected)
    {
        using FieldBinder bind = Calls.Bind(body);
        bind.Context();
        Assert.NotNull(bind.Error);
        Assert.Equal(expected, bind.Culprit);
    }

    [Fact]
    public void Fail_ReturnsWhatIsOfNoUse()
    {
        using FieldBinder bind = Calls.Bind("");
        Assert.Equal("", bind.Fail("a", s_error));
        Assert.Equal("", bind.Fail("b", HuaweiErrors.KeyIdInvalid));
        Assert.Equal((s_error, "a"), (bind.Error, bind.Culprit));
    }
}

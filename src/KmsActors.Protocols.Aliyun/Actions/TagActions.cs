using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Tags: seed 001, 4.19 to 4.21.</summary>
internal static class TagActions
{
    public static ValueTask<AliyunError?> TagResource(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        return call.RunAsync(new TagResource(keyId, Parse(call.Bind, call.Bind.Text("Tags", TagText.LongestJson))));
    }

    /// <summary>The tags that CreateKey may be given.</summary>
    public static IReadOnlyCollection<KeyValuePair<string, string>> OptionalTags(ParameterBinder bind) =>
        bind.OptionalText("Tags", TagText.LongestJson) is { } text ? Parse(bind, text) : [];

    /// <summary>The document's table calls the parameter TagsKeys, its format, example and clients TagKeys.</summary>
    public static ValueTask<AliyunError?> UntagResource(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        var text = call.Bind.OptionalText("TagsKeys", TagText.LongestJson)
            ?? call.Bind.Text("TagKeys", TagText.LongestJson);
        var tagKeys = TagText.ParseTagKeys(text);
        if (tagKeys is null) call.Bind.Invalid("TagKeys");
        return call.RunAsync(new UntagResource(keyId, [.. tagKeys ?? []]));
    }

    public static ValueTask<AliyunError?> ListResourceTags(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        return call.RunAsync(new ListResourceTags(keyId), (answer, tags) =>
        {
            answer.BeginList("Tags", "Tag");
            foreach (var (tagKey, tagValue) in tags)
            {
                answer.BeginItem();
                answer.String("KeyId", keyId);
                answer.String("TagKey", tagKey);
                answer.String("TagValue", tagValue);
                answer.EndItem();
            }

            answer.EndList();
        });
    }

    private static List<KeyValuePair<string, string>> Parse(ParameterBinder bind, string text)
    {
        var tags = TagText.ParseTags(text);
        if (tags is null) bind.Invalid("Tags");
        return tags ?? [];
    }
}

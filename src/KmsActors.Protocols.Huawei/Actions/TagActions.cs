using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Tags: seed 003, 4.1.23 to 4.1.27.</summary>
internal static class TagActions
{
    public static ValueTask<HuaweiError?> TagsOfKey(HuaweiCall call) =>
        call.RunAsync(new ListResourceTags(call.KeyIdInPath()), static (answer, tags) =>
        {
            WriteTags(answer, tags);
            // Table 4-95 calls it existTagNum, which no client reads.
            answer.Number("existTagsNum", tags.Count);
        });

    public static ValueTask<HuaweiError?> TagsOfProject(HuaweiCall call) =>
        call.RunAsync(new ListTags(), static (answer, listed) =>
        {
            answer.BeginList("tags");
            foreach (var tag in listed.Tags.GroupBy(each => each.Key, each => each.Value))
            {
                answer.BeginItem();
                answer.String("key", tag.Key);
                answer.BeginList("values");
                foreach (var value in tag) answer.Item(value);
                answer.EndList();
                answer.EndItem();
            }

            answer.EndList();
        });

    public static ValueTask<HuaweiError?> Batch(HuaweiCall call)
    {
        var bind = call.Bind;
        var keyId = call.KeyIdInPath();
        var isCreation = bind.RequiredChoice(
            "action", HuaweiErrors.ActionInvalid, ("create", true), ("delete", false));
        return isCreation ? CreateAsync(call, keyId) : DeleteAsync(call, keyId);
    }

    public static ValueTask<HuaweiError?> Add(HuaweiCall call)
    {
        var keyId = call.KeyIdInPath();
        var tag = call.Bind.Object("tag", HuaweiErrors.ParameterInvalid, TagText.Tag);
        return call.RunAsync(new TagResource(keyId, [tag]));
    }

    /// <summary>A key that has no such tag is as it should be.</summary>
    public static ValueTask<HuaweiError?> Delete(HuaweiCall call)
    {
        var keyId = call.KeyIdInPath();
        var tagKey = call.Bind.TagKeyOf(call.TagKeyInPath());
        return call.RunAsync(new UntagResource(keyId, [new(tagKey)]));
    }

    /// <summary>Writes the list "tags" of keys and values.</summary>
    public static void WriteTags(HuaweiWriter answer, IReadOnlyCollection<KeyValuePair<string, string>> tags)
    {
        answer.BeginList("tags");
        foreach (var (key, value) in tags)
        {
            answer.BeginItem();
            answer.String("key", key);
            answer.String("value", value);
            answer.EndItem();
        }

        answer.EndList();
    }

    private static ValueTask<HuaweiError?> CreateAsync(HuaweiCall call, string keyId)
    {
        var tags = TagList(call.Bind, TagText.Tag, tag => tag.Key);
        return call.RunAsync(new TagResource(keyId, tags));
    }

    /// <summary>A tag of which the value is given, too, goes only if it has that value.</summary>
    private static ValueTask<HuaweiError?> DeleteAsync(HuaweiCall call, string keyId)
    {
        var tags = TagList(
            call.Bind, each => new TagToRemove(each.TagKey()) { Value = each.OptionalTagValue() }, tag => tag.Key);
        return call.RunAsync(new UntagResource(keyId, tags));
    }

    private static List<T> TagList<T>(FieldBinder bind, Func<FieldBinder, T> read, Func<T, string> keyOf)
    {
        var tags = bind.Objects("tags", TagText.List, read);
        bind.Require(tags.Count > 0, "tags", HuaweiErrors.TagListEmpty);
        bind.Require(tags.DistinctBy(keyOf).Count() == tags.Count, "tags", HuaweiErrors.TagListInvalid);
        return tags;
    }
}

using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// Keys found by their tags and names: seed 003, 4.1.22. Of several tags a key must have all; of one tag's
/// values, any: the document has "and" there too, which no key could satisfy.
/// </summary>
internal static class ResourceActions
{
    private const int DefaultLimit = 10;
    private const int MostLimit = 1000;
    private const int LongestMatch = 255;

    private static readonly ListRule Matches = new(1, HuaweiErrors.MatchesInvalid, HuaweiErrors.MatchesInvalid);

    private static readonly ListRule Values =
        new(TagText.MostValues, HuaweiErrors.TagListInvalid, HuaweiErrors.TooManyTagValues);

    public static ValueTask<HuaweiError?> Query(HuaweiCall call)
    {
        var bind = call.Bind;
        var isCount = bind.RequiredChoice("action", HuaweiErrors.ActionInvalid, ("filter", false), ("count", true));
        var filter = new KeyFilter { Tags = TagConditions(bind), AliasPart = NamePart(bind) };
        return isCount
            ? call.RunAsync(new CountKeys(filter), static (answer, count) => answer.Number("total_count", count))
            : FilterAsync(call, filter);
    }

    private static ValueTask<HuaweiError?> FilterAsync(HuaweiCall call, KeyFilter filter)
    {
        var limit = (int?)call.Bind.OptionalNumber("limit", 1, MostLimit, HuaweiErrors.LimitInvalid) ?? DefaultLimit;
        var offset = call.Bind.OptionalNumber("offset", 0, int.MaxValue, HuaweiErrors.OffsetInvalid) ?? 0;
        return call.RunAsync(new ListKeyDescriptions(filter, offset, limit), (answer, page) =>
        {
            answer.BeginList("resources");
            foreach (var key in page.Items) WriteResource(call, answer, key);
            answer.EndList();
            answer.Number("total_count", page.TotalCount);
        });
    }

    private static void WriteResource(HuaweiCall call, HuaweiWriter answer, CmkDescription key)
    {
        answer.BeginItem();
        answer.String("resource_id", key.KeyId);
        answer.BeginObject("resource_detail");
        KeyDetails.Write(call, answer, key);
        answer.EndObject();
        answer.String("resource_name", key.State.Alias);
        TagActions.WriteTags(answer, key.State.Tags);
        answer.EndItem();
    }

    private static List<TagCondition>? TagConditions(FieldBinder bind)
    {
        var tags = bind.OptionalObjects(
            "tags", TagText.List, static tag => new TagCondition(tag.TagKey(), ValuesOf(tag)));
        if (tags is not { Count: > 0 }) return null;
        var isEachOnce = tags.DistinctBy(tag => tag.Key).Count() == tags.Count;
        bind.Require(isEachOnce, "tags", HuaweiErrors.TagListInvalid);
        return tags;
    }

    private static List<string> ValuesOf(FieldBinder tag)
    {
        var values = tag.OptionalTexts(
            "values", Values, new TextRule(0, int.MaxValue), HuaweiErrors.TagValueInvalid) ?? [];
        foreach (var value in values) tag.TagValueOf(value);
        tag.Require(values.Distinct().Count() == values.Count, "values", HuaweiErrors.TagListInvalid);
        return values;
    }

    // The document names one field to match, "for example"; nothing else of a key would make a name.
    private static string? NamePart(FieldBinder bind)
    {
        var parts = bind.OptionalObjects("matches", Matches, static match =>
        {
            match.RequiredChoice("key", HuaweiErrors.MatchKeyInvalid, ("resource_name", 0));
            return match.Text("value", new TextRule(1, LongestMatch), HuaweiErrors.MatchValueInvalid);
        });
        return parts is [var part] ? part : null;
    }
}

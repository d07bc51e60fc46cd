using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    // Few, so that keys share them, and of every length in UTF-8.
    private static readonly string[] s_words = ["", "a", "A", "a%", "é", "密", "\uFFFD", "\U0001F511"];

    private static KeyListing RandomListing(Random random) => Listed(
        Start.AddTicks(random.Next(3)),
        One<KeyState>(random),
        One<KeySpec>(random),
        One<KeyUsage>(random),
        One<ProtectionLevel>(random)) with
    {
        Alias = Word(random) + Word(random),
        EnterpriseProject = $"{random.Next(3)}",
        Tags = s_words.Where(_ => random.Next(3) == 0).ToDictionary(word => word, _ => Word(random)),
    };

    /// <summary>Half of them by tags, and half of those by little else: all of everything finds few keys.</summary>
    private static KeyFilter RandomFilter(Random random)
    {
        var filter = new KeyFilter { Tags = random.Next(2) == 0 ? null : RandomConditions(random) };
        return filter.Tags is not null && random.Next(2) == 0
            ? filter
            : filter with
            {
                States = Some<KeyState>(random),
                Specs = Some<KeySpec>(random),
                Usages = Some<KeyUsage>(random),
                ProtectionLevels = Some<ProtectionLevel>(random),
                EnterpriseProjects = random.Next(2) == 0 ? RandomProjects(random) : null,
                AliasPart = random.Next(3) == 0 ? Word(random) : null,
            };
    }

    /// <summary>Seldom none; of few tags, so that some are asked for twice.</summary>
    private static TagCondition[] RandomConditions(Random random) =>
        [.. Enumerable.Range(0, random.Next(8) == 0 ? 0 : random.Next(1, 4)).Select(_ => new TagCondition(
            Word(random), random.Next(3) == 0 ? [] : random.GetItems(s_words, random.Next(1, 7))))];

    /// <summary>Of three that keys are in and one that none is in; some of the time all or none of them.</summary>
    private static ProjectSet RandomProjects(Random random)
    {
        string[] named = [.. Enumerable.Range(0, 4).Where(_ => random.Next(3) == 0).Select(i => $"{i}")];
        return random.Next(2) == 0 ? ProjectSet.Of(named) : ProjectSet.AllBut(named);
    }

    private static string Word(Random random) => random.GetItems(s_words, 1)[0];

    private static T One<T>(Random random) where T : struct, Enum => random.GetItems(Enum.GetValues<T>(), 1)[0];

    /// <summary>Null half of the time; otherwise most of them, seldom none.</summary>
    private static T[]? Some<T>(Random random) where T : struct, Enum =>
        random.Next(2) == 0 ? null : [.. Enum.GetValues<T>().Where(_ => random.Next(3) > 0)];
}

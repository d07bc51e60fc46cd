using System.Collections.Immutable;

namespace KmsActors.Server;

/// <summary>What has come of a run: numbers, and the first of what was found.</summary>
internal sealed record JobReport
{
    /// <summary>How many findings are kept; of more there is only their number.</summary>
    public const int MostFindings = 100;

    private const int LongestDetail = 200;

    /// <summary>Nothing yet.</summary>
    public static JobReport Empty { get; } = new();

    /// <summary>How many of each kind of thing.</summary>
    public ImmutableSortedDictionary<string, long> Totals { get; init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The first findings.</summary>
    public ImmutableArray<JobFinding> Findings { get; init; } = [];

    /// <summary>With more of a kind.</summary>
    public JobReport Plus(string kind, long number) =>
        this with { Totals = Totals.SetItem(kind, Totals.GetValueOrDefault(kind) + number) };

    /// <summary>With one finding more, which counts as one of its kind.</summary>
    public JobReport Plus(JobFinding finding)
    {
        var counted = Plus(finding.Kind, 1);
        if (Findings.Length >= MostFindings) return counted;
        var detail = finding.Detail;
        if (detail.Length > LongestDetail) finding = finding with { Detail = detail[..LongestDetail] + "…" };
        return counted with { Findings = Findings.Add(finding) };
    }
}

/// <summary>Something that is not as it must be.</summary>
/// <param name="Kind">What is wrong, for programs: lower-case letters and hyphens.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Subject">Its name: a key's id, an alias.</param>
/// <param name="Detail">What differs, for people; no secret is in it.</param>
internal sealed record JobFinding(string Kind, string Account, string Subject, string Detail);

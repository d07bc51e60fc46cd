using System.Globalization;

namespace KmsActors.Simulator;

/// <summary>Runs a fleet: its tenants in two parts that know nothing of each other, each on a thread.</summary>
internal static class FleetRunner
{
    /// <summary>In how many parts a fleet is run, whatever the machine: they are part of what a seed means.</summary>
    public const int Parts = 2;

    /// <summary>In how many parts this one is.</summary>
    public static int PartsOf(FleetDescription fleet) => Math.Min(Parts, fleet.Tenants);

    /// <summary>Runs all of it; what happened, and a number that is the same exactly for the same run.</summary>
    /// <exception cref="AggregateException">The service did what it must never do.</exception>
    public static (FleetStatistics Statistics, string TraceHash) Run(FleetDescription fleet, FleetProgress progress)
    {
        var shares = Shares(fleet);
        var parts = Enumerable.Range(0, PartsOf(fleet)).Select(i => new FleetPart(fleet, i)).ToArray();
        Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = parts.Length }, i =>
            parts[i].Run([.. shares.Where((_, tenant) => PartOf(tenant, parts.Length) == i)], progress));
        foreach (var other in parts[1..]) parts[0].Statistics.Add(other.Statistics);
        var hash = string.Concat(parts.Select(part => part.Hash.ToString("x16", CultureInfo.InvariantCulture)));
        return (parts[0].Statistics, hash);
    }

    // There and back again, so that each part has as many of the keys: the first tenants have most.
    private static int PartOf(int tenant, int parts)
    {
        var place = tenant % (2 * parts);
        return Math.Min(place, (2 * parts) - 1 - place);
    }

    /// <summary>How many keys each tenant ever has, by Zipf's law; all together have as many as there are.</summary>
    internal static IReadOnlyList<(Tenant Tenant, int Keys)> Shares(FleetDescription fleet)
    {
        var weights = Enumerable.Range(1, fleet.Tenants).Select(rank => Math.Pow(rank, -fleet.Skew)).ToArray();
        var all = weights.Sum();
        var (shares, given, sum) = (new List<(Tenant, int)>(fleet.Tenants), 0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            var until = i == weights.Length - 1 ? fleet.Keys : (int)Math.Round(fleet.Keys * (sum / all));
            shares.Add((new Tenant((i + 1).ToString(CultureInfo.InvariantCulture)), until - given));
            given = until;
        }

        return shares;
    }
}

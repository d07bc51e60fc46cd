using System.Collections.Concurrent;

namespace KmsActors.Server.Tests;

/// <summary>A server whose pairs are shared by a class's tests: RSA's take up to a second to make.</summary>
public sealed class PairServer : TestServer
{
    private readonly ConcurrentDictionary<(string Spec, string Usage, int Number), Lazy<Task<PairVersion>>> _pairs = new();

    /// <summary>The pair of that kind and usage; of another number, another.</summary>
    internal Task<PairVersion> PairAsync(string spec, string usage, int number = 0) => _pairs.GetOrAdd(
        (spec, usage, number), of => new(() => Root.PairAsync(of.Spec, of.Usage))).Value;
}

using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Http;

/// <summary>
/// Has a request that may change something served once by all nodes together: such a call waits for the store anyway.
/// What changes nothing never does, and is left to each node's own <see cref="NonceCache"/>: repeated at another node,
/// it has no effect there but its answer.
/// </summary>
/// <param name="ledger">What all nodes share; null if there is but this one.</param>
/// <param name="protocol">Whose nonces they are.</param>
/// <param name="halfWidth">How far a request's time may be from ours either way.</param>
/// <remarks>
/// Ask when nothing but the operation itself is to come: what is throttled or forbidden spends nothing.
/// </remarks>
internal sealed class SharedNonces(INonceLedger? ledger, string protocol, TimeSpan halfWidth)
{
    /// <summary>Spends the nonce with all nodes; true if it is for this call to do what it asks for.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public ValueTask<bool> SpendAsync(
        PolicyAction? action,
        string accessKeyId,
        string nonce,
        DateTimeOffset timestamp,
        CancellationToken cancellation) =>
        ledger is not null && action is { Effect: ActionEffect.Writes }
            ? ledger.SpendAsync(Hash(accessKeyId, nonce), timestamp + halfWidth, cancellation)
            : new(true);

    /// <summary>The same on all nodes and in all versions; nobody can find two requests that have one.</summary>
    private Guid Hash(string accessKeyId, string nonce)
    {
        // The length in front keeps (ab, c) and (a, bc) apart.
        var text = Encoding.UTF8.GetBytes($"{protocol} {accessKeyId.Length} {accessKeyId}{nonce}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return new Guid(hash[..16], bigEndian: true);
    }
}

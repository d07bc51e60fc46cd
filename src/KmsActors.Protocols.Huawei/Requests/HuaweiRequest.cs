using KmsActors.Hsa;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// A whole request that nobody has authenticated yet and whose body nobody has looked into. Holds rented
/// memory: to be disposed when the answer is made. Not for two threads at once.
/// </summary>
internal sealed class HuaweiRequest : IDisposable
{
    public required string Method { get; init; }

    public required RequestTarget Target { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    /// <summary>The body to the byte as it came, which is what a signature is about.</summary>
    public required PooledBuffer Body { get; init; }

    public void Dispose() => Body.Dispose();
}

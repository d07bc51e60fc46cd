using System.Diagnostics.CodeAnalysis;

namespace KmsActors.Protocols.Tencent;

/// <summary>What was asked: a request, or what is wrong with it.</summary>
/// <param name="RequestId">The request's id, a lower-case UUID.</param>
/// <param name="Request">The request, or null.</param>
/// <param name="Error">The error, if there is no request.</param>
internal sealed record Received(string RequestId, TencentRequest? Request, TencentError? Error) : IDisposable
{
    /// <summary>True if there is nothing to do but to answer with the error.</summary>
    public bool Refused(
        [NotNullWhen(true)] out TencentError? error, [NotNullWhen(false)] out TencentRequest? request)
    {
        error = Error;
        request = Request;
        return request is null;
    }

    public void Dispose() => Request?.Dispose();
}

using System.Diagnostics.CodeAnalysis;

namespace KmsActors.Protocols.Aliyun;

/// <summary>The two formats of seed 001, 1.5.</summary>
internal enum AliyunFormat
{
    Xml,
    Json,
}

/// <summary>How to answer, and what was asked: a request, or what is wrong with it.</summary>
/// <param name="Format">The format to answer in, known of the worst request too.</param>
/// <param name="RequestId">The request's id, a lower-case UUID.</param>
/// <param name="HostId">The host as the client named it.</param>
/// <param name="Request">The request, or null.</param>
/// <param name="Error">The error, if there is no request.</param>
internal sealed record Received(
    AliyunFormat Format, string RequestId, string HostId, AliyunRequest? Request, AliyunError? Error)
    : IDisposable
{
    /// <summary>True if there is nothing to do but to answer with the error.</summary>
    public bool Refused(
        [NotNullWhen(true)] out AliyunError? error, [NotNullWhen(false)] out AliyunRequest? request)
    {
        error = Error;
        request = Request;
        return request is null;
    }

    public void Dispose() => Request?.Dispose();
}

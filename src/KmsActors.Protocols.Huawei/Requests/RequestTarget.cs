using System.Diagnostics.CodeAnalysis;

namespace KmsActors.Protocols.Huawei;

/// <summary>What a request is about: its path and its query, as they came and decoded.</summary>
internal sealed class RequestTarget
{
    /// <summary>The most parameters a query may have.</summary>
    public const int MostParameters = 64;

    private const string ApiVersion = "v1.0";
    private const string Service = "kms";

    private RequestTarget(
        string rawPath, string[] rawSegments, string[] segments, KeyValuePair<string, string>[] query)
    {
        RawPath = rawPath;
        RawSegments = rawSegments;
        Segments = segments;
        Query = query;
        if (segments is not [ApiVersion, { Length: > 0 } projectId, Service, .. var resource]) return;
        ProjectId = projectId;
        Resource = resource;
    }

    /// <summary>The path as it came.</summary>
    public string RawPath { get; }

    /// <summary>The segments of the path as they came.</summary>
    public IReadOnlyList<string> RawSegments { get; }

    /// <summary>The segments, decoded.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The project of <c>/v1.0/{project_id}/kms/…</c>; null for any other path.</summary>
    public string? ProjectId { get; }

    /// <summary>The decoded segments behind <c>kms/</c>; none if there is no <see cref="ProjectId"/>.</summary>
    public IReadOnlyList<string> Resource { get; } = [];

    /// <summary>The parameters of the query, decoded, in the order in which they came.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    /// <summary>Reads the target of a request line; null for one that cannot be decoded.</summary>
    public static RequestTarget? Parse(string target)
    {
        // The other forms of a target are for proxies.
        if (!target.StartsWith('/')) return null;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var rawPath = mark < 0 ? target : target[..mark];
        var rawSegments = Split(rawPath);
        var segments = new string[rawSegments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            if (PercentCoding.Decode(rawSegments[i]) is not { } segment) return null;
            segments[i] = segment;
        }

        return TryReadQuery(mark < 0 ? "" : target[(mark + 1)..], out var query)
            ? new RequestTarget(rawPath, rawSegments, segments, query)
            : null;
    }

    /// <summary>The value of a parameter of the query; null when it was not given, or given twice.</summary>
    public string? QueryValue(string name)
    {
        var given = Query.Where(parameter => parameter.Key == name).Take(2).ToArray();
        return given.Length == 1 ? given[0].Value : null;
    }

    /// <summary>The segments of a path, which begins with a '/'; one at its end makes no segment.</summary>
    public static string[] Split(string path)
    {
        var segments = path[1..].Split('/');
        return segments[^1].Length == 0 ? segments[..^1] : segments;
    }

    private static bool TryReadQuery(string text, [NotNullWhen(true)] out KeyValuePair<string, string>[]? query)
    {
        query = null;
        var pieces = text.Split('&', StringSplitOptions.RemoveEmptyEntries);
        if (pieces.Length > MostParameters) return false;
        var parameters = new KeyValuePair<string, string>[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            var equals = pieces[i].IndexOf('=', StringComparison.Ordinal);
            var name = PercentCoding.DecodeQuery(equals < 0 ? pieces[i] : pieces[i].AsSpan(0, equals));
            var value = PercentCoding.DecodeQuery(equals < 0 ? "" : pieces[i].AsSpan(equals + 1));
            if (name is null || value is null) return false;
            parameters[i] = new(name, value);
        }

        query = parameters;
        return true;
    }
}

using System.Text.RegularExpressions;

namespace KmsActors.Server.Tests.Access;

/// <summary>Who sends a call: by access key or, if there is one, by token.</summary>
internal sealed record Caller(string Name, Tenant Tenant, string? Token = null);

/// <summary>A call of an operation by some protocol, before anybody has signed it.</summary>
internal abstract record Call
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });

    /// <summary>What it says, by parameter; the parts of its path among them.</summary>
    public abstract IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>The same with one parameter of another value, or (null) without it.</summary>
    public abstract Call With(string parameter, string? value);

    public async Task<Seen> SendAsync(Caller by)
    {
        using var request = Sign(by);
        using var response = await Http.SendAsync(request);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => header.Key.ToLowerInvariant() is not ("date" or "x-request-id" or "content-length"))
            .Select(header => $"{header.Key}: {header.Value}");
        var (code, body) = await ReadAsync(response);
        return new Seen(code, (int)response.StatusCode, string.Join('\n', headers), body);
    }

    protected abstract HttpRequestMessage Sign(Caller by);

    /// <summary>The error's code, empty for a success, and the body without the request's id.</summary>
    protected abstract Task<(string Code, string Body)> ReadAsync(HttpResponseMessage response);
}

/// <summary>What a caller sees of an answer, but for what tells any two requests apart.</summary>
internal sealed partial record Seen(string Code, int Status, string Headers, string Body)
{
    /// <summary>Without ids of what was made, and what the caller said himself.</summary>
    public Seen Without(params IEnumerable<string> said) => this with
    {
        Body = said.Aggregate(
            NewIds().Replace(Body, "…"), (body, each) => body.Replace(each, "…", StringComparison.Ordinal)),
    };

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}", RegexOptions.ExplicitCapture)]
    private static partial Regex NewIds();
}

/// <summary>A call whose parameters are a list: Aliyun's and Tencent's.</summary>
internal abstract record ListCall(string Action, Args Arguments) : Call
{
    public override IReadOnlyDictionary<string, string> Parameters => Arguments.ToDictionary();

    public override Call With(string parameter, string? value) => this with
    {
        Arguments =
        [
            .. Arguments.Where(argument => argument.Name != parameter),
            .. value is null ? (Args)[] : [(parameter, value)],
        ],
    };

    protected static Task<byte[]> BodyAsync(HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync();

    protected static string TypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated["Content-Type"].ToString();
}

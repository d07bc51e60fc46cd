using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>The tenant's side: Aliyun's protocol, signed by access key.</summary>
internal sealed class AliyunClient(Service service, AccessKey key, TimeProvider time)
{
    private const string Version = "2016-01-20";
    private const int PageSize = 100;

    /// <summary>Calls an action; parameters without a value are left out.</summary>
    public async Task<JsonElement> CallAsync(string action, params (string Name, string? Value)[] parameters)
    {
        var body = Form(parameters);
        try
        {
            return (await service.SendAsync(() => Request(action, body))).Root!.Value;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>All rows of a listing, or the first of them, page by page.</summary>
    public async Task<List<JsonElement>> ListAsync(
        string action, string list, string item, int? limit, params (string Name, string? Value)[] parameters)
    {
        var rows = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var number = page.ToString(CultureInfo.InvariantCulture);
            var answer = await CallAsync(
                action, [.. parameters, ("PageNumber", number), ("PageSize", $"{PageSize}")]);
            var before = rows.Count;
            rows.AddRange(answer.Member(list).Items(item));
            if (limit <= rows.Count) return rows[..limit.Value];
            if (rows.Count - before < PageSize) return rows;
        }
    }

    private HttpRequestMessage Request(string action, byte[] body)
    {
        const string form = "application/x-www-form-urlencoded";
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = form,
            ["host"] = service.Address.Authority,
            ["x-acs-action"] = action,
            ["x-acs-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData(body)),
            ["x-acs-date"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
            ["x-acs-version"] = Version,
        };
        // The copy goes with the request; a second attempt needs its own.
        var request = new HttpRequestMessage(HttpMethod.Post, service.Address)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(form);
        request.Headers.Host = headers["host"];
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("x-acs-", StringComparison.Ordinal)) request.Headers.Add(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", Acs3Signature.Authorization(key, headers));
        return request;
    }

    private static byte[] Form((string Name, string? Value)[] parameters) => Encoding.UTF8.GetBytes(string.Join(
        '&',
        parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}")));
}

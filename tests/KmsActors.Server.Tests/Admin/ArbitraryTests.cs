using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Whatever is sent, the answer is a problem or a success, and never the server's own fault.</summary>
public sealed class ArbitraryTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Account = "odd";

    private static readonly string[] OddTexts =
    [
        "", " ", "*", "\0", "\u0001", "\uD800", "密钥", "\U0001F511", "../..", "%00", "a/b", "1e9", "null", "NaN",
        "true", "9223372036854775808", "-1", "2026-01-01T00:00:00Z", "'; DROP TABLE grains --", new string('x', 5000),
        "obs",
        "Allow", "cn-hangzhou_a", "keys", "management", "obs/default",
    ];

    private static readonly string[] Names =
    [
        "name", "number", "password", "enabled", "id", "secret", "user", "policies", "statements", "effect", "actions",
        "keys", "project", "enterpriseProject", "overlapSeconds", "rates", "quotas", "management", "perSecond", "burst",
    ];

    private static Gen<string> Text => Gen.Elements(OddTexts);

    private static Gen<string> Scalar => Gen.OneOf(
        Gen.Elements(
            "null", "true", "false", "0", "1", "-1", "1.5", "1e400", "2147483648", "99999999999999999999", "-0"),
        Text.Select(text => text == "\uD800" ? "\"\\ud800\"" : JsonSerializer.Serialize(text)));

    [Property(MaxTest = 25, StartSize = 2, EndSize = 12)]
    public Property Body_OfAnyShape_IsAnswered()
    {
        var calls = AdminCallTable.All.Values.Where(call => call.Body is not null).ToArray();
        return Prop.ForAll(
            Arb.From(Gen.CollectToArray(calls, call => Body(call.Body!).Select(body => (call, body)))),
            all => Task.Run(async () =>
            {
                await NewAccountAsync();
                foreach (var (call, body) in all)
                    await server.Operator.SendAsync(call.Method, call.At(Account, "someone"), body);
            }).GetAwaiter().GetResult());
    }

    [Property(MaxTest = 40)]
    public Property PathAndQuery_OfAnyText_AreAnswered()
    {
        var calls = AdminCallTable.All.Values.ToArray();
        var queries = from name in Gen.Elements("limit", "after", "user", "days", "project")
                      from value in Text
                      select $"{name}={Escape(value)}";
        var one = from call in Gen.Elements(calls)
                  from account in Gen.Frequency((3, Gen.Constant(Account)), (1, Text))
                  from name in Text
                  from query in queries
                  select (call, path: $"{call.At(Escape(account), Escape(name))}?{query}");
        return Prop.ForAll(
            Arb.From(Gen.ArrayOf(one, 10)),
            all => Task.Run(async () =>
            {
                await NewAccountAsync();
                foreach (var (call, path) in all)
                {
                    var body = call.Body?.Replace("password-1", "short", StringComparison.Ordinal);
                    await server.Operator.SendAsync(call.Method, path, body);
                }
            }).GetAwaiter().GetResult());
    }

    // A good body with anything in the place of one of its values; or just anything.
    private static Gen<string> Body(string good) => Gen.Sized(size => Gen.Frequency(
        (1, Json(size)),
        (4, from place in Gen.Choose(0, 12)
            from value in Gen.Frequency((1, Gen.Constant("null")), (3, Json(size)))
            select Replaced(good, place, value))));

    // A good password would be hashed, which takes as long as a hundred calls.
    private static string Replaced(string good, int place, string value)
    {
        using var document = JsonDocument.Parse(good.Replace("password-1", "short", StringComparison.Ordinal));
        return Replaced(document.RootElement, ref place, value);
    }

    private static Gen<string> Json(int size) => size <= 1
        ? Scalar
        : Gen.OneOf(
            Scalar,
            Gen.ListOf(Json(size / 2), 2).Select(items => $"[{string.Join(',', items)}]"),
            from names in Gen.ListOf(Gen.Elements(Names), 3)
            from values in Gen.ListOf(Json(size / 2), 3)
            select $"{{{string.Join(',', names.Zip(values, (name, value) => $"\"{name}\":{value}"))}}}");

    // The body with the value at a place, counted through all that it has, replaced.
    private static string Replaced(JsonElement at, ref int place, string value)
    {
        if (place-- == 0) return value;
        List<string> parts = [];
        switch (at.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in at.EnumerateObject())
                    parts.Add($"\"{field.Name}\":{Replaced(field.Value, ref place, value)}");
                return $"{{{string.Join(',', parts)}}}";
            case JsonValueKind.Array:
                foreach (var item in at.EnumerateArray()) parts.Add(Replaced(item, ref place, value));
                return $"[{string.Join(',', parts)}]";
            default:
                return at.GetRawText();
        }
    }

    // As bytes, so that a lone surrogate is something that no decoder takes.
    private static string Escape(string text) => text == "\uD800"
        ? "%ED%A0%80"
        : text.Length > 1000
            ? text[..1000]
            : AliyunClient.Encode(text.Length == 0 ? " " : text.Replace('\0', '\u0001'));

    private async Task NewAccountAsync()
    {
        await server.Operator.SendAsync("POST", "accounts", new { number = Account });
        await server.Operator.SendAsync("POST", $"accounts/{Account}/users", new { name = "someone" });
        await server.Operator.SendAsync("POST", $"accounts/{Account}/groups", new { name = "someone" });
        await server.Operator.SendAsync("POST", $"accounts/{Account}/access-keys", new { id = "someone" });
    }
}
